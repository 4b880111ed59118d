// One question and what becomes of it, from the first quote to the last verdict.

import { checkedNode, citationNode, draftNode, labelOf, plainText, summary } from "./answer.js";
import { dossierUrl, generatedUrl } from "./api.js";
import { el, icon, say, toast } from "./dom.js";
import { REFUSALS, VERDICTS, VOICES, count, place, searched, seconds } from "./words.js";

export class Turn {
  /** `openCitation(citations, index)` shows evidence; `again(question)` asks anew. */
  constructor(question, openCitation, again) {
    this.question = question;
    this.openCitation = openCitation;
    this.again = again;
    this.cited = new Map();
    this.shown = new Map();
    this.status = el("p.step", { role: "status" }, "Searching…");
    this.quotes = el("div.quotes", { hidden: true });
    this.text = el("p.answer-text");
    this.answer = el("div.answer", { hidden: true }, el("div.answer-head", {}, el("h3", {}, "Answer")), this.text);
    this.foot = el("div.foot");
    this.node = el(
      "article.turn",
      { "aria-busy": "true" },
      el("h2.asked", {}, question),
      this.status,
      this.quotes,
      this.answer,
      this.foot,
    );
  }

  show(event) {
    const step = {
      searched: () => this.#step(`${searched(event.coverage)} · ${count(event.found, "passage")} found`),
      quotes: () => this.#quotes(event.quotes),
      reading: () => this.#reading(event.citations),
      drawing: () => this.#step(`Drawing: step ${event.step} of ${event.steps}…`),
      called: () => this.#step(`${event.said}…`),
      going_through: () => this.#step(`Going through all files: ${event.done} of ${event.total}…`),
      looked: () => this.#step(`Looking at ${event.look === "page" ? "the page of " : ""}[${event.number}]…`),
      delta: () => this.#delta(event.sentence, event.text),
      draft: () => this.#draft(event.sentence),
      checked: () => this.#checked(event.sentence),
      revised: () => this.#checked(event.sentence),
      answer: () => this.#finish(event.answer),
      failed: () => this.failed(event.message),
    }[event.kind];
    step?.();
  }

  #open = (number) => {
    const citations = [...this.cited.values()];
    this.openCitation(citations, citations.findIndex((c) => c.number === number));
  };

  #step(text) {
    this.status.textContent = text;
  }

  #quotes(quotes) {
    if (!quotes.length || !this.quotes.hidden) return;
    this.quotes.hidden = false;
    const citations = quotes.map((quote) => quote.citation);
    this.quotes.append(
      el("h3", {}, "In your files"),
      el("div.quote-row", {}, ...quotes.map((quote, index) => this.#quote(quote, citations, index))),
    );
    say(`${count(quotes.length, "quote")} found`);
  }

  #quote(quote, citations, index) {
    const where = [quote.citation.source_name, place(quote.citation.locators)].filter(Boolean);
    return el(
      "button.quote",
      { type: "button", onclick: () => this.openCitation(citations, index) },
      el("span.quote-text", {}, quote.text),
      el("span.quote-place", {}, icon(quote.citation.medium), el("span", {}, where.join(", "))),
    );
  }

  #reading(citations) {
    for (const citation of citations) this.cited.set(citation.number, citation);
    this.#step(`Reading ${count(citations.length, "passage")}…`);
  }

  #slot(id) {
    this.answer.hidden = false;
    if (!this.shown.has(id)) {
      const node = draftNode(id);
      this.shown.set(id, node);
      this.text.append(node);
      this.#step("Writing, and checking each claim…");
    }
    return this.shown.get(id);
  }

  #delta(id, text) {
    const slot = this.#slot(id).querySelector(".draft-text");
    if (slot) slot.textContent += text;
  }

  #draft(sentence) {
    const slot = this.#slot(sentence.id);
    const text = slot.querySelector(".draft-text");
    if (!text) return;
    text.textContent = sentence.text;
    slot.querySelector(".draft-badge").textContent = "draft – being checked";
  }

  #checked(sentence) {
    const node = checkedNode(sentence, this.cited, this.#open);
    node.classList.add("fresh");
    this.#slot(sentence.id).replaceWith(node);
    this.shown.set(sentence.id, node);
    if (sentence.claims.length) say(`Claim ${VERDICTS[labelOf(sentence)].word}: ${sentence.text}`);
  }

  #finish(answer) {
    this.#end();
    this.#quotes(answer.quotes);
    for (const citation of answer.citations) this.cited.set(citation.number, citation);
    if (answer.kind === "refused") this.#refuse(answer);
    else this.#complete(answer);
    this.foot.before(...(answer.pictures ?? []).map(generatedNode));
    this.foot.append(...footer(answer));
  }

  #complete(answer) {
    this.answer.hidden = false;
    // What counts is the final answer: nothing of a draft stays that is not in it.
    this.text.replaceChildren(...answer.sentences.map((s) => checkedNode(s, this.cited, this.#open, answer.id)));
    const head = this.answer.querySelector(".answer-head");
    head.append(el("span.voice", {}, VOICES[answer.voice] ?? answer.voice), el("span.grow"), this.#copy(answer));
    const verdicts = summary(answer.sentences);
    if (verdicts) head.after(verdicts);
    const used = usedCitations(answer);
    if (used.length) this.text.after(this.#sources(used));
    if (answer.missing?.length) {
      const parts = answer.missing.map((part) => el("q.query", {}, part));
      this.text.after(el("p.fine", {}, "Not found: ", ...parts));
    }
  }

  #sources(citations) {
    return el(
      "ol.cited",
      { "aria-label": "Sources cited" },
      ...citations.map((c) =>
        el(
          "li",
          {},
          citationNode(c.number, this.cited, this.#open),
          el("span.cited-name", {}, c.source_name),
          el("span.fine", {}, place(c.locators)),
        ),
      ),
    );
  }

  #copy(answer) {
    const copy = async () => {
      const used = usedCitations(answer);
      const lines = used.map((c) => `[${c.number}] ${c.source_name} ${place(c.locators)}`.trim());
      await navigator.clipboard.writeText([plainText(answer), "", ...lines].join("\n"));
      toast("Copied: checked text, with its marks and sources");
    };
    return el("button.ghost.small", { type: "button", onclick: copy }, icon("copy"), "Copy");
  }

  #refuse(answer) {
    this.answer.remove();
    if (this.cited.size) this.quotes.remove(); // the nearest things below hold them
    const near = [...this.cited.values()];
    this.foot.before(
      el(
        "div.refusal",
        {},
        el("h3", {}, REFUSALS[answer.reason] ?? "Not answered"),
        el("p", {}, answer.message),
        answer.looked_for.length
          ? el("p.fine", {}, "Looked for ", ...answer.looked_for.map((query) => el("q.query", {}, query)))
          : null,
        near.length ? el("h4", {}, "Nearest things found, which do not answer it") : null,
        near.length
          ? el("ul.near", {}, ...near.map((c, index) => el("li", {}, this.#quote({ text: c.quote, citation: c }, near, index))))
          : null,
      ),
    );
    say(answer.message);
  }

  failed(message) {
    this.#end();
    this.#dropDrafts();
    this.foot.append(
      el(
        "div.failure",
        { role: "alert" },
        el("p", {}, message),
        el("button.small", { type: "button", onclick: () => this.again(this.question) }, "Try again"),
      ),
    );
  }

  stopped() {
    this.#end();
    this.#dropDrafts();
    this.foot.append(el("p.fine", {}, "Stopped. What was not checked is not shown."));
  }

  #dropDrafts() {
    for (const draft of this.text.querySelectorAll(".draft")) draft.remove();
    if (!this.text.childElementCount) this.answer.hidden = true;
  }

  #end() {
    this.node.setAttribute("aria-busy", "false");
    this.status.remove();
  }
}

// Drawn on request: beside the answer, labelled, and no evidence.
function generatedNode(picture) {
  return el(
    "figure.generated",
    {},
    el("img", { src: generatedUrl(picture.id), alt: `Generated picture: ${picture.prompt}` }),
    el("figcaption.fine", {}, el("strong", {}, "Generated"), ` by ${picture.model}, no evidence: “${picture.prompt}”`),
  );
}

function usedCitations(answer) {
  const text = answer.sentences.map((s) => s.text).join(" ");
  return answer.citations.filter((c) => text.includes(`[${c.number}]`));
}

function footer(answer) {
  const model = answer.model;
  const parts = [searched(answer.coverage)];
  if (answer.notice) parts.push(answer.notice);
  if (answer.recalled) parts.push("as answered before; nothing has changed since");
  if (model.model) parts.push(model.model);
  if (model.endpoint !== "local") parts.push(`evidence went to ${model.endpoint}`);
  if (model.prompt_tokens || model.output_tokens) {
    parts.push(`${count(model.prompt_tokens, "token")} read, ${model.output_tokens} written`);
  }
  parts.push(seconds(answer.seconds));
  const dossier = { href: dossierUrl(answer.id), download: "", title: "The answer with all it rests on, as a ZIP" };
  return [el("p.fine", {}, `${parts.join(" · ")} · `, el("a", dossier, "dossier"))];
}
