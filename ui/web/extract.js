// A source without pages: its text as it was extracted, with the cited part marked.

import { get } from "./api.js";
import { el } from "./dom.js";
import { quotedCells } from "./spots.js";

const STRIDE = 10_000;
const WHOLE = new Set(["office", "text", "email"]);

/** Where the elements around a citation are had: its page or stretch, or the whole document. */
export function elementsPath(citation) {
  const ordinal = Number(citation.element.split(".").pop());
  const unit = WHOLE.has(citation.medium) ? 1 : Math.max(1, Math.floor(ordinal / STRIDE));
  return `/v1/sources/${encodeURIComponent(citation.source)}/units/${unit}`;
}

export async function textView(citation, body) {
  const text = el("div.extract", { tabindex: "0", "aria-label": "Extracted text" });
  body.append(text);
  try {
    for (const element of await get(elementsPath(citation))) text.append(paragraph(element, citation));
  } catch {
    text.append(el("p.fine.gone", {}, "The text is gone; the quote below is kept with the answer."));
  }
  const cited = text.querySelector(".cited");
  if (cited) text.scrollTop = cited.offsetTop - text.offsetTop - text.clientHeight / 3;
}

function paragraph(element, citation) {
  const cited = element.id === citation.element;
  const kind = { title: "h3", heading: "h4", list_item: "p.item", code: "pre" }[element.kind] ?? "p";
  const node = element.table ? table(element.table, cited ? citation.quote : "") : el(kind, {}, cited ? marked(element.text, citation.quote) : element.text);
  if (cited) node.classList.add("cited");
  return node;
}

/** The quoted part of the text, or all of it where the quote is not a part of it. */
function marked(text, quote) {
  const at = quote ? text.indexOf(quote) : -1;
  if (at < 0 || quote === text) return el("mark", {}, text);
  return el("span", {}, text.slice(0, at), el("mark", {}, quote), text.slice(at + quote.length));
}

function table(value, quote) {
  const quoted = new Set(quotedCells(value.cells, quote));
  const rows = new Map();
  for (const cell of value.cells) {
    if (!rows.has(cell.row)) rows.set(cell.row, el("tr"));
    rows.get(cell.row).append(
      el(
        cell.is_header ? "th" : "td",
        { colSpan: cell.column_span, rowSpan: cell.row_span, class: quoted.has(cell) ? "quoted" : null },
        cell.text,
      ),
    );
  }
  return el("div.table", {}, el("table", {}, ...[...rows.entries()].sort((a, b) => a[0] - b[0]).map(([, row]) => row)));
}
