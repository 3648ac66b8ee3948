"""Files with one resource a line (NDJSON), plain or gzipped: every line is a JSON object, or told with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from trialrun.errors import InputError
from trialrun.json_text import JsonError, looks_binary, parse_json, text_of
from trialrun.packed import Limited, PackedError, opened
from trialrun.patients.fhir.bundle import READ
from trialrun.patients.fhir.manifest import ENDINGS, NAME
from trialrun.patients.fhir.node import clean, shown

MAX_LINE = 16_000_000
"""Bytes of one resource; attachments can be large, a finding never is."""
_LOGS = ("log.ndjson", "log.ndjson.gz")
"""Logs that clients of bulk exports write beside the files."""
_MANIFESTS = (NAME, "log.json")
_RECORDS = (".json", ".gz", ".bz2", ".xz", ".zst", ".lz4", ".7z", ".rar", ".zip", ".tar", ".tgz", ".xml", ".parquet")
"""Endings of files that may hold people's records in a form that is not read here."""
_RECORD_WORDS = ("ndjson", "jsonl")
_KINDS = frozenset(kind.lower() for kind in (*READ, "Patient", "Medication", "DiagnosticReport", "Bundle"))
_FIRST_WORD = re.compile("[a-z]*")


class Line(NamedTuple):
    """A line of a file.

    Args:
        number: From 1.
        value: The resource; None where it is none.
        wrong: Why not.
    """

    number: int
    value: dict[str, object] | None
    wrong: str = ""


def is_ndjson(path: Path) -> bool:
    """Whether a file is NDJSON by its name."""
    return path.name.lower().endswith(ENDINGS)


def is_log(path: Path) -> bool:
    """Whether a file is the log that a client of bulk exports keeps."""
    return path.name.lower() in _LOGS


def export_files(folder: Path) -> tuple[list[Path], list[str], list[str]]:
    """What an export holds.

    Returns:
        The NDJSON files in the order of their names; names of what may hold records and is not read (folders, archives,
        bundles); names of other files.
    """
    files, records, others = [], [], []
    for entry in sorted(folder.iterdir()):
        name = entry.name.lower()
        if name.startswith(".") or is_log(entry) or name in _MANIFESTS:
            continue
        if is_ndjson(entry) and not entry.is_dir():
            files.append(entry)
        elif entry.is_dir() or _may_hold_records(name):
            records.append(clean(entry.name))
        else:
            others.append(clean(entry.name))
    return files, records, others


def _may_hold_records(name: str) -> bool:
    """Whether a file's name, in small letters, tells of records: by its ending, or as `condition.000.jsonl` does."""
    named = _FIRST_WORD.match(name)
    return (
        name.endswith(_RECORDS)
        or any(word in name for word in _RECORD_WORDS)
        or (named is not None and named[0] in _KINDS)
    )


def read_lines(path: Path, wanted: Callable[[bytes], bool] | None = None) -> Iterator[Line]:
    """The resources of a file, one at a time.

    Args:
        path: Plain or gzip.
        wanted: Lines for which it says no are passed over unread.

    Raises:
        InputError: it is not text with one resource a line, is damaged or a bomb, or is kept back by the machine; what
            came before stays as it is.
    """
    number = 0
    try:
        with opened(path) as stream:
            begun = False
            while content := stream.line(MAX_LINE):
                number += 1
                if not begun and content.strip():
                    begun = True
                    _refuse(path, content)
                if len(content) > MAX_LINE and not content.endswith(b"\n"):
                    _skip(stream)
                    yield Line(number, None, f"a line of more than {MAX_LINE // 1_000_000} MB is not read")
                elif content.strip() and (wanted is None or wanted(content)):
                    yield _line(number, content)
    except PackedError as error:
        after = f" (after line {number:,})" if number else ""
        raise InputError(f"{clean(path.name)}: {error.reason}{after}") from None


def _refuse(path: Path, first: bytes) -> None:
    """Files that are something else as a whole, told once and not line by line."""
    name, start = clean(path.name), first.removeprefix(b"\xef\xbb\xbf").lstrip()[:4]
    if looks_binary(first):
        zipped = " (it looks like a zip archive; unpack it first)" if start[:2] == b"PK" else ""
        raise InputError(f"{name}: this is not UTF-8 text{zipped}; save it as NDJSON in UTF-8")
    if start.startswith(b"<"):
        raise InputError(f"{name}: this is XML or HTML, not JSON; export as FHIR NDJSON")
    if start.startswith(b"["):
        raise InputError(f"{name}: this is a JSON list; NDJSON has one resource a line, without brackets")


def _line(number: int, content: bytes) -> Line:
    try:
        value = parse_json(text_of(content))
    except JsonError as error:
        return Line(number, None, error.reason)
    if not isinstance(value, dict):
        return Line(number, None, f"{shown(value)} where a resource belongs")
    return Line(number, value)


def _skip(stream: Limited) -> None:
    """Passes over the rest of a line."""
    while rest := stream.line(MAX_LINE):
        if rest.endswith(b"\n"):
            return
