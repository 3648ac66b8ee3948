"""Records from files: API v2 JSON in every container, and record pages; one bad record never stops the others.

A source is one study, a list of studies, `{"studies": [...]}`, or one study a line (NDJSON); plain or gzip; a
folder of such files; or the text of a record page. Everything is read with limits, so that no file can take the
memory: a line, a whole JSON document and what a gzip file unpacks to are bounded.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from trialrun.errors import InputError, shortened
from trialrun.registry.page import looks_like_page, read_page
from trialrun.registry.record import Record

MAX_LINE = 32_000_000
"""Bytes of one record; the largest with results are about 10 MB."""
MAX_DOCUMENT = 256_000_000
"""Bytes of a JSON document that holds several records at once."""
MAX_UNPACKED = 64_000_000_000
"""Bytes a gzip file may unpack to."""
MAX_RATIO = 200
"""How many times larger a gzip file may become; records reach about 10, a bomb about 1,000."""
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
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            if packed:
                with gzip.open(raw, "rb") as unpacked:
                    limit = min(MAX_UNPACKED, MAX_RATIO * max(10_000, path.stat().st_size))
                    yield from _stream(_Limited(unpacked, limit), name)  # type: ignore[arg-type]
            else:
                yield from _stream(_Limited(raw, MAX_UNPACKED), name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        yield Rejected(name, f"this gzip file is damaged: {error}")
    except _TooLargeError as error:
        yield Rejected(name, str(error))
    except OSError as error:
        yield Rejected(name, f"it cannot be opened: {error.strerror}")


class _TooLargeError(Exception):
    """A file that unpacks to more than it may."""


class _Limited:
    """Reads lines of at most a size from a stream of at most a size."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream, self._limit, self._seen = stream, limit, 0
        self._ahead: bytes | None = None

    def peek(self, limit: int) -> bytes:
        """The next line, which the next call of `line` gives again."""
        self._ahead = self.line(limit)
        return self._ahead

    def line(self, limit: int) -> bytes:
        """The next line, with its end; longer ones come without it, cut just past the limit."""
        if self._ahead is not None:
            text, self._ahead = self._ahead, None
            return text
        text = self._stream.readline(limit + 1)
        self._seen += len(text)
        if self._seen > self._limit:
            raise _TooLargeError("it unpacks to far more than its size: a gzip bomb")
        return text


def _stream(stream: _Limited, name: str) -> Iterator[Taken | Rejected]:
    first, blank = stream.line(MAX_LINE), 0
    while first and not first.strip() and len(first) <= MAX_LINE and blank < MAX_BLANK:
        first, blank = stream.line(MAX_LINE), blank + 1
    if not first:
        yield Rejected(name, "the file is empty")
    elif blank == MAX_BLANK:
        yield Rejected(name, f"it begins with {MAX_BLANK:,} empty lines and is no record")
    elif len(first) > MAX_LINE:
        yield Rejected(f"{name}:1", f"a line of more than {MAX_LINE // 1_000_000} MB is no record")
    elif first.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in first[:200]:
        yield Rejected(f"{name}:1", "this is not UTF-8 text (it looks like UTF-16 or binary); save it as UTF-8")
    elif _is_one_line_record(first) or _has_a_record_a_line(first, stream):
        yield from _lines(stream, first, name)
    else:
        yield from _document(stream, first, name)


def _is_one_line_record(first: bytes) -> bool:
    """Whether the first line is a whole JSON object: then the file has a record a line."""
    text = first.removeprefix(b"\xef\xbb\xbf").strip()
    return text.startswith(b"{") and text.endswith(b"}") and b'"protocolSection"' in text


def _has_a_record_a_line(first: bytes, stream: _Limited) -> bool:
    """Whether two lines begin an object each, as no single JSON value does: a damaged first record stops no other."""
    if not first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    return stream.peek(MAX_LINE).lstrip().startswith(b"{")


def _lines(stream: _Limited, first: bytes, name: str) -> Iterator[Taken | Rejected]:
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


def _document(stream: _Limited, first: bytes, name: str) -> Iterator[Taken | Rejected]:
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
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first_line + content[: error.start].count(b"\n")
        yield Rejected(_at(source, line), f"byte 0x{content[error.start]:02x} is not UTF-8 text; save it as UTF-8")
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
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_twice)
    except json.JSONDecodeError as error:
        truncated = " (the file may be cut off)" if error.pos >= len(text.rstrip()) - 1 else ""
        where = f"{_at(source, first_line + error.lineno - 1)}:{error.colno}"
        yield Rejected(where, f"this is not JSON: {error.msg.lower()}{truncated}")
        return
    except RecursionError:
        yield Rejected(source, "this JSON is nested deeper than any record")
        return
    except InputError as error:
        yield Rejected(source, error.message)
        return
    except ValueError:
        # The only one left: Python converts no number of thousands of digits, because that takes too long.
        yield Rejected(source, "it holds a number with more digits than any record has")
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


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise InputError(f"'{shortened(text, 30)}' is larger than any number of a record")
    return value


def _no_constant(word: str) -> None:
    raise InputError(f"'{word}' is no JSON value")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InputError(f"the key '{shortened(twice, 40)}' is given twice in one object")
    return found
