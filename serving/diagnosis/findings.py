"""A finding, and how checks are run so that a broken thing is reported and not fallen over."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from pincite.errors import PinciteError
from pincite.values import Value

_LOG = logging.getLogger(__name__)

State = Literal["works", "off", "unchecked", "degraded", "broken"]
"""`off`: not installed or not asked for; `degraded`: works with less; `broken`: is configured and
does not work."""


class Finding(Value):
    area: str
    state: State
    says: str
    mend: str | None = None
    """The command or setting that mends it."""


class Diagnosis(Value):
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Everything that is configured works, if with less."""
        return all(finding.state != "broken" for finding in self.findings)


Check = tuple[str, Callable[[], Iterable[Finding]]]
"""An area, and what looks at it."""


def diagnose(checks: Sequence[Check]) -> Diagnosis:
    """Run every check; one that fails is itself a finding."""
    return Diagnosis(findings=tuple(f for area, check in checks for f in _run(area, check)))


def _run(area: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except PinciteError as exc:
        return [Finding(area=area, state="broken", says=str(exc))]
    except Exception as exc:  # noqa: BLE001 - the edge: whatever is wrong here must be reported
        _LOG.debug("check of %s failed", area, exc_info=True)
        says = f"could not be looked at ({type(exc).__name__}: {exc})"
        return [Finding(area=area, state="broken", says=says)]
