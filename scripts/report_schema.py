"""Writes evals/report.schema.json from the report's types. Run: python -m scripts.report_schema"""

import json
from pathlib import Path

from evals.results import Report

if __name__ == "__main__":
    schema = json.dumps(Report.model_json_schema(by_alias=True), indent=1)
    target = Path(__file__).parent.parent / "evals" / "report.schema.json"
    target.write_text(schema + "\n", encoding="utf-8")
