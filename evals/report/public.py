"""A run's figures to be put beside the documentation: without the data's words and pictures.

The cases of a run quote the data sets, whose licences mostly forbid to give them on.
"""

from __future__ import annotations

import re
from pathlib import Path

from evals.report import write
from evals.results import Report, read_report

_FOLDERS = re.compile(r"(--(?:data|out))[ =](\S+)")
_PATH = re.compile(r"(?<![\w/.-])/(?:[\w.-]+/)+[\w.-]*")


def publish(run: Path, folder: Path) -> None:
    """Write the three files of the report in `run` into `folder`, without cases and paths.

    Raises:
        UserError: no report is there.
    """
    write(_public(read_report(run)), {}, folder)


def _public(report: Report) -> Report:
    command = _FOLDERS.sub(lambda found: f"{found[1]} {found[1][2:].upper()}", report.run.command)
    told = report.model_copy(update={"run": report.run.model_copy(update={"command": command})})
    return Report.model_validate_json(_PATH.sub("PATH", told.model_dump_json(by_alias=True)))
