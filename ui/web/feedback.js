// “This verdict is wrong”: a word of the reader on one claim, kept beside the answer.

import { object } from "./api.js";
import { el, icon, say, toast } from "./dom.js";
import { VERDICTS } from "./words.js";

/** A button behind a verdict; `place` is the claim's in its sentence, from 1. */
export function flag(answer, sentence, place, verdict) {
  const button = el(
    "button.flag",
    {
      type: "button",
      "aria-expanded": "false",
      "aria-label": "This verdict is wrong",
      title: "This verdict is wrong",
      onclick: () => open(),
    },
    icon("flag"),
  );
  const holder = el("span.flag-holder", {}, button);
  let form = null;

  function close() {
    form?.remove();
    form = null;
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function open() {
    if (form) return close();
    form = asked(verdict, close, async (label, note) => {
      try {
        await object(answer, { sentence, claim: place, label, note });
        form.remove();
        button.replaceWith(el("span.fine.flagged", {}, "noted as wrong"));
        say("Noted that this verdict is wrong");
      } catch (error) {
        toast(error.message, "error");
      }
    });
    holder.append(form);
    button.setAttribute("aria-expanded", "true");
    form.querySelector("select").focus();
  }
  return holder;
}

function asked(verdict, close, send) {
  const others = Object.entries(VERDICTS).filter(([label]) => label !== verdict.label);
  const choice = el(
    "select.small",
    { name: "label", "aria-label": "What the claim is instead" },
    el("option", { value: "" }, "I cannot say what is right"),
    ...others.map(([label, { word }]) => el("option", { value: label }, `it is ${word}`)),
  );
  const note = el("input", { type: "text", name: "note", maxlength: "2000", placeholder: "why (optional)", "aria-label": "Why" });
  return el(
    "form.flag-form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        send(choice.value || null, note.value);
      },
      onkeydown: (event) => event.key === "Escape" && close(),
    },
    el("span.fine", {}, "This verdict is wrong:"),
    choice,
    note,
    el("button.small", { type: "submit" }, "Keep"),
    el("button.ghost.small", { type: "button", onclick: close }, "Cancel"),
  );
}
