"""Files with one resource a line (NDJSON), plain or gzipped: every line is a JSON object, or told with file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from trialrun.errors import InputError
from trialrun.files import leads_out
from trialrun.json_text import JsonError, looks_binary, parse_json, text_of
from trialrun.packed import Limited, PackedError, opened
from trialrun.patients.fhir.node import shown

MAX_LINE = 16_000_000
"""Bytes of one resource; attachments can be large, a finding never is."""
ENDINGS = (".ndjson", ".ndjson.gz")
_LOGS = ("log.ndjson", "log.ndjson.gz")
"""Logs that clients of bulk exports write beside the files."""
_MANIFESTS = ("manifest.json", "log.json")
_RECORDS = (".json", ".gz", ".zip", ".tar", ".xml", ".parquet")
"""Endings of files that may hold people's records in a form that is not read here."""


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
        if entry.is_dir() or (name.endswith(_RECORDS) and not is_ndjson(entry)):
            records.append(entry.name)
        elif is_ndjson(entry):
            files.append(entry)
        else:
            others.append(entry.name)
    return files, records, others


def listed_files(folder: Path) -> list[str]:
    """Names of the NDJSON files that the manifest of an export lists; empty without a manifest that can be read.

    Servers may list addresses whose last part is no file name; those are left out.
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file() or leads_out(folder, manifest):
        return []
    try:
        with opened(manifest) as stream:
            document = parse_json(text_of(stream.block(MAX_LINE)))
    except (PackedError, JsonError):
        return []
    output = document.get("output") if isinstance(document, dict) else None
    urls = [entry.get("url") for entry in output if isinstance(entry, dict)] if isinstance(output, list) else []
    names = [url.split("?")[0].rpartition("/")[2] for url in urls if isinstance(url, str)]
    return [name for name in names if name.lower().endswith(ENDINGS)]


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
        raise InputError(f"{path.name}: {error.reason}{after}") from None


def _refuse(path: Path, first: bytes) -> None:
    """Files that are something else as a whole, told once and not line by line."""
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:4]
    if looks_binary(first):
        zipped = " (it looks like a zip archive; unpack it first)" if start[:2] == b"PK" else ""
        raise InputError(f"{path.name}: this is not UTF-8 text{zipped}; save it as NDJSON in UTF-8")
    if start.startswith(b"<"):
        raise InputError(f"{path.name}: this is XML or HTML, not JSON; export as FHIR NDJSON")
    if start.startswith(b"["):
        raise InputError(f"{path.name}: this is a JSON list; NDJSON has one resource a line, without brackets")


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
