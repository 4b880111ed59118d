// The evidence panel: the place that a citation points at, and the way to the next one.

import { originalUrl } from "./api.js";
import { $, el, icon } from "./dom.js";
import { audioView } from "./recording.js";
import { frameView, pageView, pictureView } from "./sheet.js";
import { textView } from "./extract.js";
import { percent, place } from "./words.js";

let citations = [];
let index = 0;
let back = null;

export function openEvidence(list, at) {
  if (!list[at]) return;
  if ($("viewer").hidden) back = document.activeElement;
  citations = list;
  index = at;
  draw();
}

export function closeEvidence() {
  const viewer = $("viewer");
  if (viewer.hidden) return;
  viewer.hidden = true;
  viewer.replaceChildren();
  document.body.classList.remove("with-viewer");
  mark(null);
  back?.focus({ preventScroll: true });
}

function step(by) {
  index = (index + by + citations.length) % citations.length;
  draw();
}

function draw() {
  const citation = citations[index];
  const viewer = $("viewer");
  const body = el("div.viewer-body");
  viewer.replaceChildren(head(citation), body, caption(citation));
  viewer.hidden = false;
  document.body.classList.add("with-viewer");
  mark(citation);
  show(citation, body);
  viewer.querySelector(".viewer-close").focus({ preventScroll: true });
}

function show(citation, body) {
  const kinds = new Set(citation.locators.map((l) => l.kind));
  if (kinds.has("page")) pageView(citation, body);
  else if (kinds.has("image")) pictureView(citation, body);
  else if (kinds.has("frame")) frameView(citation, body);
  else if (kinds.has("time")) audioView(citation, body);
  else textView(citation, body);
}

function head(citation) {
  const where = place(citation.locators);
  return el(
    "header.viewer-head",
    {},
    el("span.viewer-number", { "aria-hidden": "true" }, String(citation.number)),
    el(
      "div.viewer-title",
      {},
      el("h2", {}, citation.source_name),
      el("p.fine", {}, [where, citation.source_version > 1 ? `version ${citation.source_version}` : ""].filter(Boolean).join(" · ")),
    ),
    citations.length > 1
      ? el(
          "div.viewer-steps",
          { role: "group", "aria-label": "Citations" },
          button("left", "Previous citation", () => step(-1)),
          el("span.fine", {}, `${index + 1} / ${citations.length}`),
          button("right", "Next citation", () => step(1)),
        )
      : null,
    el(
      "button.ghost.icon-only.viewer-close",
      { type: "button", "aria-label": "Close the evidence", onclick: closeEvidence },
      icon("close"),
    ),
  );
}

const button = (name, label, onclick) =>
  el("button.ghost.icon-only", { type: "button", "aria-label": label, onclick }, icon(name));

function caption(citation) {
  const sure = citation.confidence;
  return el(
    "footer.viewer-foot",
    {},
    el("blockquote", {}, citation.quote),
    el(
      "p.fine.viewer-facts",
      {},
      sure === null
        ? "The file's own text"
        : `${citation.locators.some((l) => l.kind === "time") ? "Heard" : "Read"} with ${percent(sure)} confidence`,
      el("span.grow"),
      el(
        "a",
        { href: originalUrl(citation.source), target: "_blank", rel: "noopener" },
        icon("open"),
        "Open the original",
      ),
    ),
  );
}

/** Shows in the answer which citation is open. */
function mark(citation) {
  for (const node of document.querySelectorAll(".cite.open")) node.classList.remove("open");
  if (!citation) return;
  for (const node of document.querySelectorAll(`.cite[data-cite="${citation.number}"]`)) {
    node.classList.add("open");
  }
}

document.addEventListener("keydown", (event) => {
  if ($("viewer").hidden || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") closeEvidence();
  if (event.target.closest?.("textarea, input, select, audio")) return;
  if (event.key === "ArrowLeft" && citations.length > 1) step(-1);
  if (event.key === "ArrowRight" && citations.length > 1) step(1);
});

