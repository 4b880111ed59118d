"""A question and its short answer as one statement, where simple rules of English make one."""

from __future__ import annotations

import re
from typing import Final

_FORMS: Final = (
    (
        re.compile(r"what(?:['’]s| (is|are|was|were)) (?P<of>[^?]+)\?", re.IGNORECASE),
        "{of} {be} {answer}.",
    ),
    (
        re.compile(r"who (?P<did>(?!else|of)\w+ [^?]+)\?", re.IGNORECASE),
        "{answer} {did}.",
    ),
    (
        re.compile(
            r"how (?:many|much) (?P<what>[^?]+?) (?:does|do|did) (?P<who>[^?]+?) have"
            r"(?P<rest>[^?]*)\?",
            re.IGNORECASE,
        ),
        "{who} has {answer} {what}{rest}.",
    ),
    (
        re.compile(
            r"which (?P<what>\w+(?: \w+)?) (?P<does>is|was|has|had|will|produced|issued) "
            r"(?P<rest>[^?]+)\?",
            re.IGNORECASE,
        ),
        "The {what} that {does} {rest} is {answer}.",
    ),
)


def as_statement(question: str, answer: str) -> str | None:
    """None for other forms of questions, and for two questions in one.

    What stands behind the question mark, such as the form that the answer should have, is left out.
    """
    asked = " ".join(question.split())
    if asked.count("?") != 1:
        return None
    for pattern, form in _FORMS:
        match = pattern.match(asked)
        if match is not None:
            parts = match.groupdict() | {"be": match[1] or "is" if "be" in form else ""}
            said = form.format(answer=answer.rstrip("."), **parts)
            return said[:1].upper() + said[1:]
    return None
