"""Make the sample library: one small story across eight files.

    python -m scripts.make_samples [FOLDER]

Everything in it is invented here and drawn, written or spoken by this script; nothing is copied.
A developer's tool: needs the `dev` requirements and, for the recording, Debian's `flite`. The same
machine gives the same bytes every time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from scripts.sample_files import office, plate, recording, report, scan

ROOT = Path(__file__).resolve().parent.parent

FILES: dict[str, Callable[[Path], None]] = {
    "closing-report.pdf": report.write,
    "delivery-note-4471.pdf": scan.write,
    "engine-plate.jpg": plate.write,
    "handover.ogg": recording.write,
    "refit-costs.xlsx": office.write_costs,
    "nordhavn-reply.eml": office.write_reply,
    "hull-coating.eml": office.write_coating,
    "crew-notice.docx": office.write_notice,
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "samples" / "library"
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in FILES.items():
        write(folder / name)
        print(f"{(folder / name).stat().st_size:>8} bytes  {name}")


if __name__ == "__main__":
    main()
