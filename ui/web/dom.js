// Building the page. Text only ever enters as text nodes: nothing from a file or a model is markup.

const SVG = "http://www.w3.org/2000/svg";

export const $ = (id) => document.getElementById(id);

/** el("p.fine", {title: "…", onclick: f}, "text", node, …) */
export function el(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && !name.startsWith("aria") && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const PATHS = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  left: "m14.5 6-6 6 6 6",
  right: "m9.5 6 6 6-6 6",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  open: "M14 5h5v5M19 5l-8 8M10 6H6a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-4",
  flag: "M6.5 20.5V4.5h11l-2.6 4 2.6 4h-11",
  copy: "M9 9h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM5 15V5a1 1 0 0 1 1-1h9",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12M10.5 10.5v5M13.5 10.5v5",
  pdf: "M7 3.5h7l4 4V20a.5.5 0 0 1-.5.5h-10A.5.5 0 0 1 7 20ZM14 3.5V8h4M9.5 12.5h6M9.5 15.5h6",
  image: "M4.5 5.5h15v13h-15ZM4.5 16l4.5-4.5 3.5 3.5 2.5-2.5 4.5 4M15 9.2h.01",
  audio: "M5 10v4M8.5 7.5v9M12 5v14M15.5 8.5v7M19 10.5v3",
  video: "M4.5 6.5h10v11h-10ZM14.5 10.5l5-3v9l-5-3",
  office: "M5 4.5h14v15H5ZM5 9.5h14M10 9.5v10M5 14.5h14",
  text: "M6 6.5h12M6 10.5h12M6 14.5h12M6 18.5h7",
  email: "M4.5 6.5h15v11h-15ZM4.5 7l7.5 6 7.5-6",
};

export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] ?? PATHS.text }),
  );
}

export function toast(text, kind = "info") {
  const node = el(`p.toast.${kind}`, {}, text);
  $("toasts").append(node);
  setTimeout(() => node.remove(), kind === "error" ? 9000 : 4500);
}

/** For people who hear the page. */
export function say(text) {
  $("spoken").textContent = text;
}
