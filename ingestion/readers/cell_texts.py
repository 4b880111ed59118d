"""A cell's value → the text that a person sees in the spreadsheet. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

_QUOTED = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]')
_CORE = re.compile(r"[#0?][#0?,.]*")
_SECONDS_A_DAY = 86_400


def displayed(value: object, number_format: str) -> str:
    """Dates in ISO form; numbers with the decimals, grouping, sign and unit of their format."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float():
            return _number(value, number_format)
        case datetime() | date() | time() | timedelta():
            return _moment(value)
        case _:
            return " ".join(str(value).split())


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    return value.isoformat()


def _duration(value: timedelta) -> str:
    seconds = value.days * _SECONDS_A_DAY + value.seconds
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _number(value: float, number_format: str) -> str:
    sections = number_format.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    shape = _QUOTED.sub(lambda found: found[1] or found[2] or found[3] or "", section)
    core = _CORE.search(shape)
    if core is None or "E+" in shape or "/" in shape or "General" in section:
        return _plain(value)
    before, after = shape[: core.start()], shape[core.end() :]
    digits = core[0]
    amount = abs(value) if section is not sections[0] else value
    amount = amount * 100 if "%" in before + after else amount
    amount /= 1000 ** (len(digits) - len(digits.rstrip(",")))
    decimals = len(digits.rstrip(",").partition(".")[2])
    grouped = "," if "," in digits.rstrip(",").partition(".")[0] else ""
    return f"{before}{amount:{grouped}.{decimals}f}{after}".strip()


def _plain(value: float) -> str:
    """As a spreadsheet shows it without a format: up to 15 digits, no trailing zeros."""
    text = f"{value:.15g}"
    return text if "e" not in text else repr(value)
