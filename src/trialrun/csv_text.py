"""Lines of CSV that a spreadsheet shows and never runs.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break is a formula to a spreadsheet, or becomes one. Such a cell
is written with an apostrophe before it, and read back without. See OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_RUNS = re.compile(r"'*[=+\-@\t\r\n]")
_MARKED = re.compile(r"'+[=+\-@\t\r\n]")


def safe_cell(text: str) -> str:
    """A cell as it is written: with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if _RUNS.match(text) else text


def plain_cell(text: str) -> str:
    """A cell as it is meant: without the apostrophe that `safe_cell` puts before it."""
    return text[1:] if _MARKED.match(text) else text


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as CSV (RFC 4180), each cell made safe; write the text to the file as it is."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
