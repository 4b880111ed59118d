"""Text that can do no harm: what goes into a prompt, and what comes out of a model."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final

_IMAGE: Final = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)?|\[[^\]]*\])?")
_LINK: Final = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s]*)[^)]*\)")
_LINK_TARGET: Final = re.compile(r"^\s*\[[^\]\n]+\]:\s*\S*[:/.]\S*.*$", re.MULTILINE)
_ADDRESS: Final = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]*://|mailto:|www\.)[^\s<>\"»”]*|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\"»”]+",
    re.IGNORECASE,
)
_BEGUN: Final = re.compile(r"://|\bmailto:|\bwww\.|!\[|\]\(|<[a-z/!]|\w\.[a-z]{2,}/", re.IGNORECASE)
_ADDRESS_LEFT_OUT: Final = "(address left out)"
_HTML: Final = re.compile(
    r"<!--.*?(?:-->|$)|</?[A-Za-z][^<>]*>"
    r"|<(?:a|audio|base|embed|form|iframe|img|input|link|meta|object|script|style|svg|video)\b[^<>]*",
    re.DOTALL | re.IGNORECASE,
)
_INVISIBLE: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
"""Controls, and signs without a picture of their own, in which words can be hidden."""
_ALIKE: Final = str.maketrans("аеіјоорсухѕԁɡιοαν", "aeijoopcyxsdgioav")
"""Cyrillic and Greek letters that look like Latin ones."""
_MARK: Final = re.compile(r"\[(\s*\d+(?:\s*[,;–-]\s*\d+)*\s*)\]")
_VERDICT: Final = re.compile(r"\[\s*[✓✔☑✅✗✘❌?–]\s[^\]\n]{0,60}\]|[✓✔☑✅✗✘❌]")
"""What only a checker may say; see `CheckedSentence.marked`."""
_FENCES: Final = re.compile(
    r"\bEND OF EVIDENCE\b|\b(?:EVIDENCE|QUESTION)\b(?=\s*:|\s*$)", re.MULTILINE
)
_LONGEST_NAME: Final = 80

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
    r"|<\|?\w*im_start|\[INST\]|\bBEGIN SYSTEM\b"
    # How a reply is to be worded is nothing that a document tells its readers.
    r"|(?:^|[.:;,!?–-]\s*)(?:just|simply|only) (?:write|say|answer|reply|respond|output)\b"
    r"|\b(?:write|say|answer|reply|respond|output)(?: only| just)?(?: with)? "
    r"(?:only the (?:\w+ )?words?|the words?|nothing (?:else|but)|exactly (?:this|these))\b"
    r"|\b(?:in|into|to|of|at the end of) (?:your|every|each) (?:answer|reply|response)s?\b"
    r"|\b(?:whole|entire|only) (?:answer|reply|response) is\b"
    # The commonest order of all in other languages.
    r"|\b(?:ignor|oubli|olvid|esque[cç]|dimentic|vergi[sß]|missacht|zignoruj|zapomnij|negeer|vergeet)"
    r"\w*\b.{0,50}\b(?:instru[cçk]|istruzion|consigne|anweisung|vorgabe|polece|opdracht)"
    r"|(?:игнориру|проигнорируй|забудь).{0,50}(?:инструкци|указани)"
    r"|(?:忽略|无视|無視|忘记|忘記).{0,12}(?:指示|指令|说明|說明)|(?:指示|命令).{0,8}(?:無視|忘れ)"
    r"|\b(?:ki|ia)[- ]?(?:assistent|asistente|assistente)",
    re.IGNORECASE | re.DOTALL,
)


def answer_text(text: str, given: str = "") -> str:
    """Model output without pictures, markup, hidden signs and verdicts; links shrink to their text.

    A surface that renders Markdown or HTML then has nothing to fetch. Of addresses only those stay
    that stand in `given`, what the model was given, sign for sign: in one that a model put together
    something may be carried off.
    """
    text = _VERDICT.sub("", _INVISIBLE.sub("", text))
    text = _IMAGE.sub("", text)
    text = _LINK_TARGET.sub("", text)
    text = _LINK.sub(lambda link: _unlinked(link.group(1), link.group(2)), text)
    text = _HTML.sub("", text)
    text = _ADDRESS.sub(lambda found: _known_address(found.group(), given), text)
    return re.sub(r"[ \t]+", " ", text).strip()


def _known_address(address: str, given: str) -> str:
    bare = address.rstrip(".,;:!?)]'")
    known = re.search(rf"(?<![\w.@-]){re.escape(bare)}(?![^\s.,;:!?)\]\"'»”])", given)
    return address if known else _ADDRESS_LEFT_OUT + address[len(bare) :]


def may_be_fetched(text: str) -> bool:
    """Whether a text that is still being written has begun a picture, a link, markup, an address.

    What it becomes is known at the end of its sentence; until then no more of it is shown.
    """
    return bool(_BEGUN.search(text))


def evidence_text(text: str) -> str:
    """A piece of a file as one line of data, without marks and fences that mean something here."""
    text = _VERDICT.sub("", _INVISIBLE.sub("", text))
    text = _MARK.sub(r"(\1)", text)
    text = _FENCES.sub(lambda word: word.group().capitalize(), text)
    return re.sub(r"\s+", " ", text.replace("«", '"').replace("»", '"')).strip()


def evidence_name(name: str) -> str:
    """The name of a file as one line of data; of one that reads like an instruction, the ending."""
    if addresses_assistant(re.sub(r"[_.-]+", " ", name)):
        return f"file{PurePath(name).suffix}"
    line = evidence_text(name)
    return line if len(line) <= _LONGEST_NAME else f"{line[:_LONGEST_NAME]}…"


def addresses_assistant(text: str) -> bool:
    """Whether a sentence of a file reads like an instruction to an assistant.

    Such sentences can be found and quoted, but a model is not given them. Hidden characters, wide
    ones and letters that only look Latin are read as what they look like.
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return bool(_TO_ASSISTANT.search(plain) or _TO_ASSISTANT.search(plain.translate(_ALIKE)))


def _unlinked(label: str, target: str) -> str:
    return f"[{label}]" if re.fullmatch(r"[\d\s,;–-]+", label) or not target else label
