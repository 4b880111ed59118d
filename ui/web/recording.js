// A recording that plays exactly what is cited, with its transcript.

import { get, originalUrl } from "./api.js";
import { el } from "./dom.js";
import { elementsPath } from "./extract.js";
import { clock } from "./words.js";

const LEAD_S = 0.15;

export function audioView(citation, body) {
  const spans = citation.locators.filter((l) => l.kind === "time");
  const start = Math.min(...spans.map((l) => l.start_s));
  const end = Math.max(...spans.map((l) => l.end_s));
  const medium = citation.medium === "video" ? "video" : "audio";
  const player = el(medium, { controls: true, preload: "metadata", src: originalUrl(citation.source) });
  const lines = el("div.transcript", { "aria-label": "Transcript" });
  let stopAt = end;
  const playFrom = (from, to) => {
    stopAt = to;
    player.currentTime = from;
    // A browser may refuse to play without a gesture; the controls are there.
    player.play().catch(() => {});
  };
  player.addEventListener("loadedmetadata", () => playFrom(Math.max(0, start - LEAD_S), end), { once: true });
  player.addEventListener("timeupdate", () => {
    if (stopAt !== null && player.currentTime >= stopAt) {
      stopAt = null;
      player.pause();
    }
    follow(lines, player.currentTime);
  });
  player.addEventListener("error", () => player.replaceWith(el("p.fine.gone", {}, "The recording cannot be played here; open the original.")));
  body.append(
    el(
      "div.player",
      {},
      player,
      el("button.primary.small", { type: "button", onclick: () => playFrom(Math.max(0, start - LEAD_S), end) }, `Play ${clock(start)}–${clock(end)}`),
    ),
    lines,
  );
  transcribe(citation, lines, playFrom);
}

async function transcribe(citation, lines, playFrom) {
  let elements = [];
  try {
    elements = await get(elementsPath(citation));
  } catch {
    lines.append(el("p.fine", {}, "The transcript is gone; the quote below is kept with the answer."));
    return;
  }
  for (const element of elements) {
    const spoken = element.locators.find((l) => l.kind === "time");
    if (!spoken) continue;
    lines.append(
      el(
        "button.line",
        {
          type: "button",
          class: element.id === citation.element ? "line cited" : "line",
          data: { from: spoken.start_s, to: spoken.end_s },
          onclick: () => playFrom(spoken.start_s, spoken.end_s),
        },
        el("span.at", {}, clock(spoken.start_s)),
        el("span", {}, element.text),
      ),
    );
  }
  const cited = lines.querySelector(".cited");
  if (cited) lines.scrollTop = cited.offsetTop - lines.offsetTop - lines.clientHeight / 3;
}

function follow(lines, now) {
  for (const line of lines.children) {
    const { from, to } = line.dataset;
    line.classList.toggle("now", now >= Number(from) && now < Number(to));
  }
}
