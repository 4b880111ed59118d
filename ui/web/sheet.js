// A page or picture with the cited region outlined. Boxes are drawn in the page's own units, so they
// stay right at every size.

import { frameUrl, get, pictureUrl } from "./api.js";
import { el, icon, svg } from "./dom.js";
import { spots } from "./spots.js";
import { clock } from "./words.js";

const POINTS_PER_INCH = 72;
const ZOOMS = [1, 1.5, 2.2, 3];

export function pageView(citation, body) {
  const boxes = citation.locators.filter((l) => l.kind === "page");
  const pages = [...new Set(boxes.map((box) => box.page))].sort((a, b) => a - b);
  const sheets = pages.map((page) => {
    const here = boxes.filter((box) => box.page === page);
    const { page_width: width, page_height: height } = here[0];
    const dpi = sharpness(body, width / POINTS_PER_INCH);
    return sheet(pictureUrl(citation.source, page, dpi), { width, height, boxes: here, name: `Page ${page}` });
  });
  fill(body, sheets);
  markWords(citation, sheets, (locator) => pages.indexOf(locator.page));
}

export function pictureView(citation, body) {
  const boxes = citation.locators.filter((l) => l.kind === "image");
  const { image_width: width, image_height: height } = boxes[0];
  const sheets = [sheet(pictureUrl(citation.source, 1, 150), { width, height, boxes, name: "Picture" })];
  fill(body, sheets);
  markWords(citation, sheets, () => 0);
}

/** The pictures of a video, each at its second. */
export function frameView(citation, body) {
  const boxes = citation.locators.filter((l) => l.kind === "frame");
  const seconds = [...new Set(boxes.map((box) => box.at_s))].sort((a, b) => a - b);
  const sheets = seconds.map((at) => {
    const here = boxes.filter((box) => box.at_s === at);
    const { frame_width: width, frame_height: height } = here[0];
    return sheet(frameUrl(citation.source, at), { width, height, boxes: here, name: `Picture at ${clock(at)}` });
  });
  fill(body, sheets);
  markWords(citation, sheets, (locator) => seconds.indexOf(locator.at_s));
}

/** Marks the quoted words or cells inside the outlined region; a citation of old text has none. */
async function markWords(citation, sheets, sheetOf) {
  try {
    const element = await get(`/v1/elements/${encodeURIComponent(citation.element)}`);
    for (const box of spots(element, citation.quote)) {
      sheets[sheetOf(box)]?.querySelector(".overlay")?.append(outline("word", box, 1));
    }
  } catch {
    // The element was parsed anew or deleted: the outlined region of the citation stays.
  }
}

function outline(name, box, pad) {
  return svg("rect", {
    class: name,
    x: box.left - pad,
    y: box.top - pad,
    width: box.right - box.left + 2 * pad,
    height: box.bottom - box.top + 2 * pad,
    rx: pad,
  });
}

/** Dots per inch so that the picture is as sharp as the screen, in a few steps for the cache. */
function sharpness(body, inches) {
  const pixels = Math.max(body.clientWidth, 480) * Math.min(window.devicePixelRatio || 1, 2);
  return [96, 120, 150, 200].find((dpi) => dpi * inches >= pixels) ?? 200;
}

function sheet(url, { width, height, boxes, name }) {
  const pad = Math.max(width, height) * 0.004;
  const outlines = boxes.map((box) => outline("region", box, pad));
  const picture = el("img", { src: url, alt: `${name}, with the cited region outlined`, draggable: "false" });
  const node = el(
    "figure.sheet",
    {},
    picture,
    svg("svg", { class: "overlay", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, ...outlines),
  );
  node.style.setProperty("--ratio", `${width} / ${height}`);
  picture.addEventListener("error", () => {
    node.replaceChildren(el("p.fine.gone", {}, "The page picture cannot be shown; the quote below is kept with the answer."));
    node.classList.add("broken");
  });
  picture.addEventListener("load", () => node.classList.add("loaded"));
  return node;
}

function fill(body, sheets) {
  const stage = el("div.stage", { tabindex: "0", "aria-label": "Page; scroll to move" }, ...sheets);
  let zoom = 0;
  const set = (to) => {
    zoom = Math.max(0, Math.min(ZOOMS.length - 1, to));
    stage.style.setProperty("--zoom", String(ZOOMS[zoom]));
    center(stage);
  };
  body.append(
    stage,
    el(
      "div.zoom",
      { role: "group", "aria-label": "Zoom" },
      el("button.icon-only", { type: "button", "aria-label": "Smaller", onclick: () => set(zoom - 1) }, icon("minus")),
      el("button.icon-only", { type: "button", "aria-label": "Larger", onclick: () => set(zoom + 1) }, icon("plus")),
    ),
  );
  requestAnimationFrame(() => center(stage));
}

/** Brings the first outlined region to the middle. The sheet has its size before its picture came. */
function center(stage) {
  const region = stage.querySelector(".region");
  if (!region) return;
  const [box, frame] = [region.getBoundingClientRect(), stage.getBoundingClientRect()];
  stage.scrollTo({
    left: stage.scrollLeft + box.left - frame.left - (frame.width - box.width) / 2,
    top: stage.scrollTop + box.top - frame.top - (frame.height - box.height) / 2.5,
  });
}
