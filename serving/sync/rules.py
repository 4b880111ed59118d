"""Who may see which file: a mapping file of globs to readers."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Self, cast

from pincite.errors import UserError
from pincite.values import Value

_TOKEN = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Rules(Value):
    """Globs with the readers of what they match; the first that fits counts."""

    rules: tuple[tuple[str, frozenset[str]], ...]

    @classmethod
    def everything_for(cls, readers: frozenset[str]) -> Self:
        return cls(rules=(("**", readers),))

    @classmethod
    def load(cls, path: Path) -> Self:
        """From TOML: `"board/**" = ["board"]`, one line for each glob.

        Raises:
            UserError: it cannot be read, or a line is no list of names.
        """
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as exc:
            raise UserError(f"{path} cannot be read: {exc.strerror or exc}") from exc
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
            raise UserError(f"{path} is not valid TOML: {exc}") from exc
        for glob, readers in found.items():
            if not _is_names(readers):
                raise UserError(f'{path}: "{glob}" needs a list of names, such as ["board"]')
        return cls(rules=tuple((glob, frozenset(readers)) for glob, readers in found.items()))

    @classmethod
    def from_option(cls, given: str) -> Self:
        """A mapping file, or names separated by commas; nothing means the owner alone."""
        if Path(given).suffix == ".toml":
            return cls.load(Path(given))
        names = frozenset(name.strip() for name in given.split(",") if name.strip())
        return cls.everything_for(names or frozenset({"local"}))

    @property
    def reader_sets(self) -> frozenset[frozenset[str]]:
        return frozenset(readers for _, readers in self.rules)

    def readers_of(self, path: str) -> frozenset[str] | None:
        """None where no glob fits: then nobody may see it, and it stays out."""
        return next((readers for glob, readers in self.rules if matches(glob, path)), None)


def matches(glob: str, path: str) -> bool:
    """`*` and `?` stay inside one folder, `**` crosses folders; capitals count."""
    pattern = "".join(
        _MEANING.get(token) or re.escape(token) for token in _TOKEN.findall(glob.lstrip("/"))
    )
    return re.fullmatch(pattern, path, re.DOTALL) is not None


def _is_names(value: object) -> bool:
    if not isinstance(value, list) or not value:
        return False
    return all(isinstance(one, str) for one in cast("list[object]", value))
