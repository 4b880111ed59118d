// The library: what is in it, how well each page was read, adding and deleting.

import { get, progress, remove, upload } from "./api.js";
import { $, el, icon, toast } from "./dom.js";
import { HOW, STATES, UNIT_STATES, clock, count } from "./words.js";

const SETTLE_MS = 1200;
let known = [];
let limitMib = Infinity;
let watching = false;
let changed = () => {};
const open = new Set();
const sending = new Map();

export function startLibrary(onChange) {
  changed = onChange;
  $("add").addEventListener("click", () => $("files").click());
  $("files").addEventListener("change", (event) => {
    add([...event.target.files]);
    event.target.value = "";
  });
  takeDrops();
  return refresh().then(watch);
}

export async function refresh() {
  const library = await get("/v1/sources");
  known = library.sources;
  limitMib = library.max_upload_mib;
  draw();
  changed(library);
  return library;
}

// --- adding ---------------------------------------------------------------------------------------

function takeDrops() {
  let depth = 0;
  const over = (on) => document.body.classList.toggle("dropping", on);
  addEventListener("dragenter", (event) => {
    if (event.dataTransfer?.types.includes("Files")) over(++depth > 0);
  });
  addEventListener("dragleave", () => over((depth = Math.max(0, depth - 1)) > 0));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    event.preventDefault();
    over(false);
    depth = 0;
    add(await dropped(event.dataTransfer));
  });
}

/** Files of a drop, folders walked. */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  return (await Promise.all(entries.map(walk))).flat();
}

async function walk(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!batch.length) break;
    found.push(...batch.filter((child) => !child.name.startsWith(".")));
  }
  return (await Promise.all(found.map(walk))).flat();
}

async function add(files) {
  for (const file of files) {
    const key = Symbol(file.name);
    if (file.size > limitMib * 1024 * 1024) {
      toast(`${file.name} is larger than ${limitMib} MiB`, "error");
      continue;
    }
    sending.set(key, { name: file.name, share: 0 });
    draw();
    try {
      const accepted = await upload(file, chosenCollection(), (share) => {
        sending.set(key, { name: file.name, share });
        draw();
      });
      if (accepted.outcome === "refused") toast(`${accepted.name}: ${accepted.why}`, "error");
      if (accepted.outcome === "already_there") toast(`${accepted.name} is already there`);
    } catch (error) {
      toast(`${file.name}: ${error.message}`, "error");
    }
    sending.delete(key);
    await refresh();
    watch();
  }
}

const chosenCollection = () => $("collection").value || "default";

// --- watching -------------------------------------------------------------------------------------

/** Follows reading until nothing is left to read. */
async function watch() {
  const busy = known.some((status) => status.state === "pending" || status.state === "reading");
  if (watching || !busy) return;
  watching = true;
  let last = 0;
  try {
    for await (const event of progress()) {
      if (event.kind === "failed") throw new Error(event.message);
      tell(event);
      if (event.done) break;
      if (Date.now() - last > SETTLE_MS) {
        last = Date.now();
        await refresh();
      }
    }
  } catch (error) {
    toast(error.message, "error");
  }
  watching = false;
  $("reading").hidden = true;
  await refresh();
}

function tell(event) {
  const line = $("reading");
  line.hidden = event.done || !event.units_total;
  const left = event.eta_s !== null ? `, about ${clock(event.eta_s)} left` : "";
  line.textContent = `Reading ${event.now || "…"} (${event.units_done} of ${event.units_total}${left})`;
}

// --- showing --------------------------------------------------------------------------------------

function draw() {
  const rows = [...sending.values()].map(sendingRow);
  $("sources").replaceChildren(...rows, ...known.map(sourceRow));
  $("library").classList.toggle("empty", !rows.length && !known.length);
}

function sendingRow({ name, share }) {
  return el(
    "li.source.sending",
    {},
    el("div.source-main", {}, icon("text"), el("span.source-name", {}, name), el("span.fine", {}, `sending ${Math.round(share * 100)} %`)),
    bar(share),
  );
}

function sourceRow(status) {
  const { source } = status;
  const expanded = open.has(source.id);
  return el(
    `li.source.${status.state}`,
    { data: { source: source.id } },
    el(
      "div.source-main",
      {},
      el(
        "button.source-open",
        { type: "button", "aria-expanded": String(expanded), title: source.origin, onclick: () => toggle(source.id) },
        icon(source.medium),
        el("span.source-name", {}, source.name),
        el("span.source-state", {}, stateText(status)),
      ),
      el(
        "button.ghost.icon-only.source-delete",
        { type: "button", "aria-label": `Delete ${source.name}`, onclick: () => confirmDelete(source) },
        icon("trash"),
      ),
    ),
    status.state === "reading" || status.state === "pending" ? bar(status.units_done / (status.units_total || 1)) : null,
    expanded ? details(source.id) : null,
  );
}

function stateText(status) {
  const all = count(status.units_total, status.unit_name);
  const failed = status.units_failed ? `, ${status.units_failed} failed` : "";
  if (status.state === "complete") return status.units_total > 1 ? `${all} read` : STATES.complete;
  if (status.state === "failed" || !status.units_total) return STATES[status.state];
  return `${status.units_done} of ${all} read${failed}`;
}

function bar(share) {
  const node = el("div.progress", {}, el("div.progress-done"));
  node.firstChild.style.setProperty("--share", String(Math.min(1, share)));
  return node;
}

function toggle(source) {
  if (!open.delete(source)) open.add(source);
  draw();
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
const detailCache = new Map();

/** One small square per page; what failed says why. */
function details(source) {
  const box = el("div.units");
  const fill = (status) => {
    const gap = status.units.find((unit) => ["failed", "skipped", "quarantined"].includes(unit.state));
    const why = status.why ?? (gap && `${capital(status.unit_name)} ${gap.unit}: ${gap.why ?? UNIT_STATES[gap.state]}`);
    box.replaceChildren(
      el("div.unit-strip", {}, ...status.units.slice(0, 400).map((unit) => square(unit, status.unit_name))),
      why ? el("p.fine.why-failed", {}, why) : "",
    );
  };
  const before = detailCache.get(source);
  if (before) fill(before);
  get(`/v1/sources/${encodeURIComponent(source)}`)
    .then((status) => {
      detailCache.set(source, status);
      fill(status);
    })
    .catch((error) => box.replaceChildren(el("p.fine", {}, error.message)));
  return box;
}

function square(unit, name) {
  const how = unit.how ? `, ${HOW[unit.how]}` : "";
  const said = `${name} ${unit.unit}: ${UNIT_STATES[unit.state]}${how}${unit.why ? ` – ${unit.why}` : ""}`;
  return el(`span.unit.${unit.state}`, { title: said, role: "img", "aria-label": said, data: { how: unit.how ?? "" } });
}

function confirmDelete(source) {
  const dialog = $("confirm");
  $("confirm-title").textContent = `Delete ${source.name}?`;
  $("confirm-text").textContent =
    "The file, everything read from it, and the answers that cite it are removed from this machine. This cannot be undone.";
  dialog.returnValue = "no";
  dialog.onclose = async () => {
    if (dialog.returnValue !== "yes") return;
    try {
      await remove(source.id);
      toast(`${source.name} was deleted`);
    } catch (error) {
      toast(error.message, "error");
    }
    await refresh();
  };
  dialog.showModal();
}
