// Sentences: drafts that nobody checked, and checked ones with a verdict per claim.

import { el } from "./dom.js";
import { flag } from "./feedback.js";
import { VERDICTS, WORST, likelihood, percent } from "./words.js";

export function labelOf(sentence) {
  const labels = new Set(sentence.claims.map((c) => c.verdict.label));
  return WORST.find((label) => labels.has(label)) ?? "not_checkable";
}

/** A sentence while it is written; unmistakably unchecked. */
export function draftNode(id) {
  return el(
    "span.draft",
    { data: { sentence: id } },
    el("span.draft-text"),
    el("span.draft-badge", {}, "draft – not checked"),
  );
}

/** `open(number)` shows a citation; numbers that name nothing are shown as such.
 *  `answer` is the id of a whole answer, whose verdicts a reader may call wrong. */
export function checkedNode(sentence, cited, open, answer = null) {
  const node = el("span.sentence", { data: { sentence: sentence.id, label: labelOf(sentence) } });
  if (sentence.revised_from && wording(sentence.revised_from) !== wording(sentence.text)) {
    node.append(
      el("del.was", { title: "The draft that the check replaced" }, el("span.hidden", {}, "Withdrawn draft: "), sentence.revised_from),
      " ",
    );
  }
  const part = (from, to) => stretch(sentence, from, to, cited, open, answer);
  if (sentence.text.startsWith("|")) node.append(grid(sentence.text, part));
  else node.append(...part(0, sentence.text.length), " ");
  if (sentence.text.startsWith("{")) node.classList.add("as-json");
  return node;
}

/** Characters [from, to) of a sentence, with the verdicts of the claims that begin there. */
function stretch(sentence, from, to, cited, open, answer) {
  const nodes = [];
  let at = from;
  for (const { claim, verdict, doubtful } of inOrder(sentence.claims)) {
    if (claim.start < at || claim.start >= to) continue;
    nodes.push(...withCitations(sentence.text.slice(at, claim.start), cited, open));
    nodes.push(
      el(`span.claim.${verdict.label}`, {}, ...withDoubts(sentence.text, claim, doubtful, cited, open)),
      JOINER,
      chip(verdict, cited, open),
      ...restsOn(claim, verdict, cited, open),
      answer ? flag(answer, sentence.id, placeOf(sentence, claim), verdict) : "",
    );
    at = claim.end;
  }
  return [...nodes, ...withCitations(sentence.text.slice(at, to), cited, open)];
}

/** A Markdown table as one; `part(from, to)` gives what stands there. */
function grid(text, part) {
  const rows = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const bars = [...line.matchAll(/(?<!\\)\|/g)].map((bar) => at + bar.index);
    if (!/^\|[\s|:-]*-[\s|:-]*\|$/.test(line)) rows.push(bars.slice(1).map((bar, n) => part(bars[n] + 1, bar)));
    at += line.length + 1;
  }
  const [head, ...body] = rows;
  return el(
    "table.grid",
    {},
    el("thead", {}, el("tr", {}, ...head.map((cell) => el("th", { scope: "col" }, ...cell)))),
    el("tbody", {}, ...body.map((row) => el("tr", {}, ...row.map((cell, n) => (n ? el("td", {}, ...cell) : el("th", { scope: "row" }, ...cell)))))),
  );
}

/** What a sentence says, without the numbers that were put right. */
const wording = (text) => text.replace(/\[\d+\]/g, "").replace(/[\s.]+/g, " ").trim();

const placeOf = (sentence, claim) => sentence.claims.findIndex((c) => c.claim === claim) + 1;
const JOINER = "\u2060"; // keeps a number on the line of the word that it belongs to
const inOrder = (claims) => [...claims].sort((a, b) => a.claim.start - b.claim.start);

/** A claim's words, those that the checker did not find borne out marked. */
function withDoubts(text, claim, doubtful, cited, open) {
  const parts = [];
  let at = claim.start;
  for (const [start, end] of doubtful) {
    if (start < at || end > claim.end) continue;
    parts.push(...withCitations(text.slice(at, start), cited, open));
    parts.push(el("mark.doubt", { title: "Not borne out" }, ...withCitations(text.slice(start, end), cited, open)));
    at = end;
  }
  return [...parts, ...withCitations(text.slice(at, claim.end), cited, open)];
}

function withCitations(text, cited, open) {
  return text.split(/(\s*\[\d+\])/).map((part) => {
    const number = /^\s*\[(\d+)\]$/.exec(part)?.[1];
    return number ? el("span.pin", {}, JOINER, citationNode(Number(number), cited, open)) : part.replaceAll("\\|", "|");
  });
}

export function citationNode(number, cited, open) {
  const citation = cited.get(number);
  if (!citation) {
    return el("span.invented", { title: "This citation names no source" }, `[${number}]`);
  }
  const name = `Citation ${number}: ${citation.source_name}`;
  return el(
    "button.cite",
    { type: "button", "aria-label": name, title: citation.source_name, data: { cite: number }, onclick: () => open(number) },
    String(number),
  );
}

let chips = 0;

function chip(verdict, cited, open) {
  const { mark, word } = VERDICTS[verdict.label];
  const id = `why-${++chips}`;
  const number = numberOf(verdict.supports[0], cited);
  return el(
    `span.verdict.${verdict.label}`,
    {},
    el(
      "button.verdict-chip",
      { type: "button", "aria-describedby": id, onclick: () => number && open(number) },
      el("span.mark", { "aria-hidden": "true" }, mark),
      ` ${word}`,
    ),
    el("span.why", { id, role: "tooltip" }, el("strong", {}, reasonHead(verdict)), verdict.reason, ...sureness(verdict)),
  );
}

/** Where a claim rests on something that it does not cite itself, the way there. */
function restsOn(claim, verdict, cited, open) {
  const number = numberOf(verdict.supports[0], cited);
  if (!number || claim.cites.includes(number)) return [];
  return [el("span.pin", { title: "What the verdict rests on" }, citationNode(number, cited, open))];
}

const reasonHead = (verdict) =>
  verdict.label === "not_checkable" ? "Not checkable. " : `${capital(likelihood(verdict.probability))}. `;
const capital = (text) => text[0].toUpperCase() + text.slice(1);

function sureness(verdict) {
  const said = [];
  if (verdict.read_confidence !== null) {
    said.push(el("span.fine", {}, `What it rests on was read with ${percent(verdict.read_confidence)} confidence.`));
  }
  if (verdict.invented.length) {
    said.push(el("span.fine", {}, `Cites [${verdict.invented.join("], [")}], which names no source.`));
  }
  return said;
}

function numberOf(element, cited) {
  for (const [number, citation] of cited) if (citation.element === element) return number;
  return undefined;
}

/** `3 of 4 claims supported · 1 contradicted`, shape and text as well as colour. */
export function summary(sentences) {
  const labels = sentences.flatMap((s) => s.claims.map((c) => c.verdict.label));
  if (!labels.length) return null;
  const node = el("p.summary", { "aria-label": "Verdicts of this answer" });
  for (const label of ["supported", "contradicted", "unsupported", "not_checkable"]) {
    const number = labels.filter((one) => one === label).length;
    if (!number && label !== "supported") continue;
    const { mark, word } = VERDICTS[label];
    const text = label === "supported" ? `${number} of ${labels.length} ${word}` : `${number} ${word}`;
    node.append(el(`span.tally.${label}`, {}, el("span.mark", { "aria-hidden": "true" }, mark), ` ${text}`));
  }
  return node;
}

const MARKS = {
  contradicted: "[✗ contradicted by the source] ",
  unsupported: "[? not found in the sources] ",
  not_checkable: "[– not checkable] ",
};

/** As it may leave the page: checked text, every sentence that is not supported marked. */
export function plainText(answer) {
  return answer.sentences.map(marked).join(answer.data ? "\n\n" : " ");
}

/** In a table each cell has its own mark. */
function marked(sentence) {
  if (!sentence.text.startsWith("|")) return (sentence.claims.length ? (MARKS[labelOf(sentence)] ?? "") : "") + sentence.text;
  return inOrder(sentence.claims).reduceRight(
    (text, { claim, verdict }) => text.slice(0, claim.start) + (MARKS[verdict.label] ?? "") + text.slice(claim.start),
    sentence.text,
  );
}
