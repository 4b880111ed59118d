"""Prompts are files with a version; this is the one function that fills them in."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from pincite.models.ports import Message

_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
_FILE: Final = re.compile(
    r"---\nversion: (?P<version>\d+)\n---\n# system\n(?P<system>.*)\n# user\n(?P<user>.*)\n",
    re.DOTALL,
)


class Prompt(NamedTuple):
    version: str
    """Name and version of the file, as answers record it."""
    system: str
    user: str

    def messages(self, **values: str) -> tuple[Message, Message]:
        """Fill the placeholders of the user part; raises KeyError for a missing or unused value."""
        wanted = set(_PLACE.findall(self.user))
        if wanted != set(values):
            raise KeyError(f"{self.version} takes {sorted(wanted)}, not {sorted(values)}")
        filled = _PLACE.sub(lambda place: values[place.group(1)], self.user)
        return Message(role="system", content=self.system), Message(role="user", content=filled)


@cache
def prompt(name: str) -> Prompt:
    """Read `<name>.md`, whose form is: front matter, `# system`, `# user`."""
    text = files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    parts = _FILE.fullmatch(text)
    if parts is None:
        raise ValueError(f"the prompt file {name}.md lacks its version, # system or # user")
    version = f"{name}/{parts['version']}"
    return Prompt(version, parts["system"].strip(), parts["user"].strip())
