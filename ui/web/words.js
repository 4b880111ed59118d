// Every word the page says, and how places and numbers are said.

export const VERDICTS = {
  supported: { mark: "✓", word: "supported" },
  contradicted: { mark: "✗", word: "contradicted" },
  unsupported: { mark: "?", word: "not found" },
  not_checkable: { mark: "–", word: "not checkable" },
};
export const WORST = ["contradicted", "unsupported", "not_checkable", "supported"];

export const STATES = {
  complete: "read",
  incomplete: "read with gaps",
  failed: "could not be read",
  reading: "reading",
  pending: "waiting",
  stopped: "stopped",
};

export const UNIT_STATES = {
  pending: "waiting",
  reading: "being read",
  done: "read",
  low_confidence: "read, but not sure",
  skipped: "skipped",
  failed: "failed",
  quarantined: "in quarantine",
};

export const HOW = {
  text_layer: "from the file's own text",
  ocr: "read from the picture (OCR)",
  speech: "heard (speech recognition)",
  mixed: "own text and OCR",
  empty: "nothing on it",
};

export const VOICES = {
  quotes: "quotes only",
  computed: "computed, no language model",
  "small local model": "small local model",
  "local model": "local model",
  "remote model": "remote model",
  "fake model": "stand-in model",
};

export const REFUSALS = {
  no_evidence: "Not in your files",
  unsafe: "Not answered",
  budget: "Ran out of time",
  unable: "Not possible here",
};

export function count(number, word) {
  if (number === 1) return `1 ${word}`;
  return `${number.toLocaleString()} ${word}${/(s|x|ch|sh)$/.test(word) ? "es" : "s"}`;
}

export function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export function place(locators) {
  const pages = [...new Set(locators.filter((l) => l.kind === "page").map((l) => l.page))];
  pages.sort((a, b) => a - b);
  const said = [];
  if (pages.length === 1) said.push(`p. ${pages[0]}`);
  else if (pages.length) {
    const run = pages[pages.length - 1] - pages[0] === pages.length - 1;
    said.push(`pp. ${run ? `${pages[0]}–${pages[pages.length - 1]}` : pages.join(", ")}`);
  }
  for (const l of locators) {
    if (l.kind === "time") said.push(`${clock(l.start_s)}–${clock(l.end_s)}`);
    if (l.kind === "frame") said.push(clock(l.at_s));
  }
  return said.join(", ");
}

export function coverage(c) {
  if (!c.sources_total) return "No files yet";
  if (c.sources_read === c.sources_total && !c.pages_failed) {
    return `All ${count(c.sources_total, "file")} read, ${count(c.pages_total, "page")}`;
  }
  const failed = c.pages_failed ? `, ${c.pages_failed} failed` : "";
  return `${c.sources_read} of ${count(c.sources_total, "file")} read (${c.pages_read} of ${count(
    c.pages_total,
    "page",
  )}${failed})`;
}

export function searched(c) {
  const failed = c.pages_failed ? `, ${c.pages_failed} failed` : "";
  return `Searched ${c.sources_read} of ${count(c.sources_total, "file")}, ${c.pages_read} of ${count(
    c.pages_total,
    "page",
  )}${failed}`;
}

export function likelihood(p) {
  if (p >= 0.9) return "very likely right";
  if (p >= 0.7) return "likely right";
  if (p >= 0.4) return "uncertain";
  if (p >= 0.15) return "doubtful";
  return "very doubtful";
}

export const percent = (x) => `${Math.round(x * 100)} %`;
export const seconds = (s) => (s < 10 ? `${s.toFixed(1)} s` : `${Math.round(s)} s`);
