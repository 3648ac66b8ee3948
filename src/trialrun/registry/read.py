"""Records from files: API v2 JSON in every container, and record pages; one bad record never stops the others.

A source is one study, a list of studies, `{"studies": [...]}`, or one study a line (NDJSON); plain or gzip; a
folder of such files; or the text of a record page. Everything is read with limits, so that no file can take the
memory: a line, a whole JSON document and what a gzip file unpacks to are bounded.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trialrun.errors import InputError, shortened
from trialrun.json_text import JsonError, looks_binary, parse_json, text_of
from trialrun.packed import Limited, PackedError, opened
from trialrun.registry.page import looks_like_page, read_page
from trialrun.registry.record import Record

MAX_LINE = 32_000_000
"""Bytes of one record; the largest with results are about 10 MB."""
MAX_DOCUMENT = 256_000_000
"""Bytes of a JSON document that holds several records at once."""
MAX_BLANK = 1_000
"""Empty lines a file may begin with."""

_ENDINGS = (".json", ".jsonl", ".ndjson", ".txt", ".gz")


@dataclass(frozen=True, slots=True)
class Taken:
    """A record, and where it was read."""

    record: Record
    source: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that could not be read as a record, and why."""

    source: str
    reason: str


def read_paths(paths: Iterable[Path]) -> Iterator[Taken | Rejected]:
    """Reads every record of files and folders, in order.

    Folders are read recursively in the order of their names; links that lead out of a folder are not followed.

    Raises:
        InputError: a path does not exist.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield from _file(path)
        else:
            raise InputError(f"There is no file or folder '{path}'")


def read_record(path: Path) -> Record:
    """The one record of a file.

    Raises:
        InputError: there is none, more than one, or it cannot be read.
    """
    found = list(_file(path)) if path.exists() else []
    if not path.exists():
        raise InputError(f"There is no file '{path}'")
    for outcome in found:
        if isinstance(outcome, Rejected):
            raise InputError(f"{outcome.source}: {outcome.reason}")
    if len(found) != 1:
        raise InputError(f"'{path}' holds {len(found)} records; one is needed here")
    first = found[0]
    assert isinstance(first, Taken)
    return first.record


def _folder(folder: Path) -> Iterator[Taken | Rejected]:
    root = folder.resolve()
    files = sorted(path for path in folder.rglob("*") if path.name.lower().endswith(_ENDINGS) and path.is_file())
    if not files:
        yield Rejected(str(folder), f"no file ending in {', '.join(_ENDINGS)}")
    for path in files:
        if path.resolve().is_relative_to(root):
            yield from _file(path)
        else:
            yield Rejected(str(path), "a link that leads out of the folder is not followed")


def _file(path: Path) -> Iterator[Taken | Rejected]:
    name = str(path)
    try:
        with opened(path) as stream:
            yield from _stream(stream, name)
    except PackedError as error:
        yield Rejected(name, error.reason)


def _stream(stream: Limited, name: str) -> Iterator[Taken | Rejected]:
    first, blank = stream.line(MAX_LINE), 0
    while first and not first.strip() and len(first) <= MAX_LINE and blank < MAX_BLANK:
        first, blank = stream.line(MAX_LINE), blank + 1
    if not first:
        yield Rejected(name, "the file is empty")
    elif blank == MAX_BLANK:
        yield Rejected(name, f"it begins with {MAX_BLANK:,} empty lines and is no record")
    elif len(first) > MAX_LINE:
        yield Rejected(f"{name}:1", f"a line of more than {MAX_LINE // 1_000_000} MB is no record")
    elif looks_binary(first):
        yield Rejected(f"{name}:1", "this is not UTF-8 text (it looks like UTF-16 or binary); save it as UTF-8")
    elif _is_one_line_record(first) or _has_a_record_a_line(first, stream):
        yield from _lines(stream, first, name)
    else:
        yield from _document(stream, first, name)


def _is_one_line_record(first: bytes) -> bool:
    """Whether the first line is a whole JSON object: then the file has a record a line."""
    text = first.removeprefix(b"\xef\xbb\xbf").strip()
    return text.startswith(b"{") and text.endswith(b"}") and b'"protocolSection"' in text


def _has_a_record_a_line(first: bytes, stream: Limited) -> bool:
    """Whether two lines begin an object each, as no single JSON value does: a damaged first record stops no other."""
    if not first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    return stream.peek(MAX_LINE).lstrip().startswith(b"{")


def _lines(stream: Limited, first: bytes, name: str) -> Iterator[Taken | Rejected]:
    number, line = 1, first
    while line:
        where = f"{name}:{number}"
        if len(line) > MAX_LINE:
            yield Rejected(where, f"a line of more than {MAX_LINE // 1_000_000} MB is no record")
            while line and not line.endswith(b"\n"):
                line = stream.line(MAX_LINE)
        elif line.strip():
            yield from _parsed(line, where, number)
        number, line = number + 1, stream.line(MAX_LINE)


def _document(stream: Limited, first: bytes, name: str) -> Iterator[Taken | Rejected]:
    whole = io.BytesIO()
    line = first
    while line:
        whole.write(line)
        if whole.tell() > MAX_DOCUMENT:
            yield Rejected(name, f"a JSON document of more than {MAX_DOCUMENT // 1_000_000} MB; give one record a line")
            return
        line = stream.line(MAX_LINE)
    yield from _parsed(whole.getvalue(), name, 1)


def _parsed(content: bytes, source: str, first_line: int) -> Iterator[Taken | Rejected]:
    try:
        text = text_of(content)
    except JsonError as error:
        yield Rejected(_at(source, first_line + (error.line or 1) - 1), error.reason)
        return
    start = text.lstrip()[:1]
    if start in ("{", "["):
        yield from _json(text, source, first_line)
    elif start == "<":
        yield Rejected(source, "this is HTML or XML, not a record; save the JSON, or the page as plain text")
    elif looks_like_page(text):
        yield from _attempt(source, lambda: read_page(text))
    else:
        yield Rejected(source, f"neither JSON nor a record page; it begins with '{shortened(text[:200], 30)}'")


def _json(text: str, source: str, first_line: int) -> Iterator[Taken | Rejected]:
    try:
        value = parse_json(text)
    except JsonError as error:
        where = source if error.line is None else f"{_at(source, first_line + error.line - 1)}:{error.column}"
        yield Rejected(where, error.reason)
        return
    studies = value.get("studies") if isinstance(value, dict) and "protocolSection" not in value else value
    if isinstance(studies, list):
        if not studies:
            yield Rejected(source, "the list of studies is empty")
        for index, study in enumerate(studies):
            yield from _attempt(f"{source}[{index}]", lambda study=study: Record.from_json(study))
    else:
        yield from _attempt(source, lambda: Record.from_json(value))


def _attempt(source: str, read: Any) -> Iterator[Taken | Rejected]:
    try:
        yield Taken(read(), source)
    except InputError as error:
        yield Rejected(source, error.message)


def _at(source: str, line: int) -> str:
    """A source with a line; lines of NDJSON carry theirs already."""
    head, _, tail = source.rpartition(":")
    return source if head and tail.isdigit() else f"{source}:{line}"
