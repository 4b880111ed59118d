"""Text that can do no harm: what goes into a prompt, and what comes out of a model."""

from __future__ import annotations

import re
from typing import Final

_IMAGE: Final = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)?|\[[^\]]*\])?")
_LINK: Final = re.compile(r"\[([^\]]+)\]\(([^)\s]*)[^)]*\)")
_HTML: Final = re.compile(
    r"<!--.*?(?:-->|$)|</?[A-Za-z][^<>]*>"
    r"|<(?:a|audio|base|embed|form|iframe|img|input|link|meta|object|script|style|svg|video)\b[^<>]*",
    re.DOTALL | re.IGNORECASE,
)
_INVISIBLE: Final = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_MARK: Final = re.compile(r"\[(\s*\d+(?:\s*[,;–-]\s*\d+)*\s*)\]")
_FENCES: Final = re.compile(r"\b(END OF EVIDENCE|EVIDENCE|QUESTION)\b(?=\s*:|\s*$)", re.MULTILINE)

_TO_ASSISTANT: Final = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous|"
    r"prior|earlier|everything|question)"
    r"|\b(?:you are|act as|pretend to be|behave as|roleplay)\b.{0,30}\b(?:ai|assistant|chatbot|"
    r"language model|gpt|dan|system)\b"
    r"|\b(?:system|developer) (?:prompt|message|instruction)|\bnew instructions?\b"
    r"|\b(?:chatbot|ai|language model|llm)s?\b.{0,40}\b(?:must|should|shall|have to)\b"
    r"|\bassistants? (?:must|should|shall|has to|have to|will)\b.{0,20}\b(?:answer|reply|respond|"
    r"say|write|output|reveal|print|tell|ignore|confirm|state)\b|\b(?:dear|hey|hello) assistant\b"
    r"|\b(?:note|attention|message|instructions?|notice) (?:to|for) (?:the |any |all )?(?:ai|"
    r"assistants?|chatbots?|language models?|llms?|automated)"
    r"|\b(?:begin|start|end|finish|prefix) (?:every|each|all|your|the) (?:answers?|repl(?:y|ies)|"
    r"responses?|messages?|sentences?)\b|\btell the (?:reader|user|person asking)\b"
    r"|\b(?:reply|respond|answer) (?:only )?(?:with|that)\b.{0,60}\b(?:instead|regardless|always)\b"
    r"|\bdo not (?:tell|mention|reveal|answer|cite)\b.{0,40}\b(?:user|question|source|evidence)"
    r"|<\|?\w*im_start|\[INST\]|\bBEGIN SYSTEM\b",
    re.IGNORECASE | re.DOTALL,
)


def answer_text(text: str) -> str:
    """Model output without pictures, markup and hidden characters; links shrink to their text.

    A surface that renders Markdown or HTML then has nothing to fetch.
    """
    text = _INVISIBLE.sub("", text)
    text = _IMAGE.sub("", text)
    text = _LINK.sub(lambda link: _unlinked(link.group(1), link.group(2)), text)
    text = _HTML.sub("", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def evidence_text(text: str) -> str:
    """A piece of a file as one line of data, without marks and fences that mean something here."""
    text = _INVISIBLE.sub("", text)
    text = _MARK.sub(r"(\1)", text)
    text = _FENCES.sub(lambda word: word.group().capitalize(), text)
    return re.sub(r"\s+", " ", text.replace("«", '"').replace("»", '"')).strip()


def evidence_name(name: str) -> str:
    """The name of a file as one line of data."""
    return evidence_text(name)


def addresses_assistant(text: str) -> bool:
    """Whether a sentence of a file reads like an instruction to an assistant.

    Such sentences can be found and quoted, but a model is not given them.
    """
    return bool(_TO_ASSISTANT.search(text))


def _unlinked(label: str, target: str) -> str:
    return f"[{label}]" if re.fullmatch(r"[\d\s,;–-]+", label) or not target else label
