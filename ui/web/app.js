// Ask, watch, audit.

import { Failure, ask, get } from "./api.js";
import { $, el, icon, toast } from "./dom.js";
import { refresh, startLibrary } from "./library.js";
import { Turn } from "./turn.js";
import { closeEvidence, openEvidence } from "./viewer.js";
import { VOICES, coverage } from "./words.js";

let conversation = crypto.randomUUID();
let running = null;
let library = null;

// --- asking ---------------------------------------------------------------------------------------

async function submit(question) {
  const turn = new Turn(question, openEvidence, submit);
  running = new AbortController();
  $("welcome").hidden = true;
  $("fresh").hidden = false;
  $("turns").append(turn.node);
  $("send").textContent = "Stop";
  turn.node.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
  try {
    for await (const event of ask({ question, collections: chosen(), conversation }, running.signal)) turn.show(event);
  } catch (error) {
    if (error.name === "AbortError") turn.stopped();
    else turn.failed(error instanceof Failure ? error.message : "The answer broke off.");
  }
  running = null;
  $("send").textContent = "Ask";
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const chosen = () => ($("collection").value ? [$("collection").value] : []);

function startComposer() {
  $("collection").addEventListener("change", showReader);
  const box = $("question");
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
  };
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $("ask").requestSubmit();
    }
  });
  $("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) {
      running.abort();
      return;
    }
    const question = box.value.trim();
    if (!question) return;
    box.value = "";
    grow();
    submit(question);
  });
  $("fresh").addEventListener("click", () => {
    running?.abort();
    conversation = crypto.randomUUID();
    $("turns").replaceChildren();
    $("fresh").hidden = true;
    closeEvidence();
    welcome();
    box.focus();
  });
}

// --- what is beside the question ------------------------------------------------------------------

let reader = null;
let rules = [];

/** Who reads what is asked of the chosen collections: a rule may keep them on this machine. */
function showReader() {
  if (!reader) return;
  const kept = rules.filter((rule) => !rule.chat_may_read && (!chosen().length || chosen().includes(rule.collection)));
  const names = kept.map((rule) => rule.collection).join(", ");
  const where = reader.local ? "on this machine" : `evidence goes to ${reader.endpoint}`;
  $("reader").textContent = kept.length ? `${names}: stays on this machine, not read by ${reader.name}` : `${reader.name} · ${where}`;
}

async function showRules() {
  rules = await get("/v1/egress");
  showReader();
}

async function showModel() {
  const health = await get("/v1/status");
  const local = health.endpoint === "local";
  const chip = $("model");
  const name = health.mode === "quotes_only" ? "Quotes only, no language model" : health.model;
  chip.replaceChildren(
    el(`span.dot.${local ? "local" : "remote"}`, { "aria-hidden": "true" }),
    el("span", {}, name),
    el("span.fine", {}, local ? "on this machine" : `sends evidence to ${health.endpoint}`),
  );
  reader = { name, local, endpoint: health.endpoint };
  showReader();
  chip.title = [VOICES[health.voice], `Pincite ${health.version}`, health.warm ? "" : "still loading"].filter(Boolean).join(" · ");
  const notice = $("notice");
  notice.hidden = !health.notice;
  notice.textContent = health.notice ?? "";
  if (!health.warm) setTimeout(() => showModel().catch(() => {}), 3000);
}

function libraryChanged(now) {
  library = now;
  $("scope").textContent = coverage(now.coverage);
  const names = [...new Set(now.sources.map((status) => status.source.collection))].sort();
  const select = $("collection");
  const before = select.value;
  select.hidden = names.length < 2;
  select.replaceChildren(
    el("option", { value: "" }, "All collections"),
    ...names.map((name) => el("option", { value: name }, name)),
  );
  select.value = names.includes(before) ? before : "";
  showRules().catch(() => {});
  if (!$("turns").childElementCount) welcome();
}

function welcome() {
  const box = $("welcome");
  const empty = !library?.sources.length;
  box.hidden = false;
  box.replaceChildren(
    el("h2", {}, empty ? "Start with a few files" : "What do you want to know?"),
    el(
      "p",
      {},
      empty
        ? "Add documents, scans, pictures or recordings. They stay on this machine."
        : "Every claim of the answer is pinned to the page region or the second that bears it out, and checked.",
    ),
    el(
      "ol.how",
      {},
      el("li", {}, el("strong", {}, "Quotes come first."), " Word for word from your files, before any model has read them."),
      el("li", {}, el("strong", {}, "Every claim gets a verdict."), " What a model writes stays a draft until it has been checked."),
      el("li", {}, el("strong", {}, "Click a number."), " See the outlined spot on the page, or hear the seconds that were cited."),
    ),
    empty ? el("button.primary", { type: "button", onclick: () => $("files").click() }, "Add files") : "",
  );
}

function startDrawer() {
  const toggle = $("library-toggle");
  toggle.append(icon("menu"));
  toggle.addEventListener("click", () => {
    const shown = document.body.classList.toggle("with-library");
    toggle.setAttribute("aria-expanded", String(shown));
  });
  $("main").addEventListener("pointerdown", () => {
    document.body.classList.remove("with-library");
    toggle.setAttribute("aria-expanded", "false");
  });
}

startDrawer();
startComposer();
showModel().catch((error) => toast(error.message, "error"));
startLibrary(libraryChanged).catch((error) => toast(error.message, "error"));
addEventListener("focus", () => refresh().catch(() => {}));
