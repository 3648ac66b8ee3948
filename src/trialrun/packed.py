"""Files plain or gzipped, read with limits, so that no file can take the memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from trialrun.errors import InputError, MachineError

MAX_UNPACKED = 64_000_000_000
"""Bytes a gzip file may unpack to."""
MAX_RATIO = 200
"""How many times larger a gzip file may become; records reach about 10, a bomb about 1,000."""


class PackedError(Exception):
    """A file that cannot be read to its end: damaged, a bomb, or kept back by the machine.

    Args:
        reason: What is wrong, without the file's name.
        of_machine: Whether the machine refused, and not the file is at fault.
    """

    def __init__(self, reason: str, *, of_machine: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.of_machine = of_machine


class Limited:
    """Reads from a stream of at most a size."""

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
        return self._counted(self._stream.readline(limit + 1))

    def block(self, size: int) -> bytes:
        """The next bytes, as many as asked for or as there are."""
        return self._counted(self._stream.read(size))

    def _counted(self, content: bytes) -> bytes:
        self._seen += len(content)
        if self._seen > self._limit:
            raise PackedError("it unpacks to far more than its size: a gzip bomb")
        return content


@contextmanager
def opened(path: Path) -> Iterator[Limited]:
    """A file for reading, unpacked if it is gzip (its first bytes decide, not its name).

    Raises:
        PackedError: it cannot be opened, is a zip file, is damaged, or unpacks to more than it may, here or while it is read.
    """
    try:
        with path.open("rb") as raw:
            start = raw.read(4)
            if start == b"PK\x03\x04":
                raise PackedError(
                    "this is binary: an Excel workbook, or another zip file; save it as CSV, or unpack it"
                )
            packed = start.startswith(b"\x1f\x8b")
            raw.seek(0)
            if packed:
                with gzip.open(raw, "rb") as unpacked:
                    limit = min(MAX_UNPACKED, MAX_RATIO * max(10_000, path.stat().st_size))
                    yield Limited(unpacked, limit)  # type: ignore[arg-type]
            else:
                yield Limited(raw, MAX_UNPACKED)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise PackedError(f"this gzip file is damaged: {error}") from None
    except OSError as error:
        raise PackedError(f"it cannot be opened: {error.strerror}", of_machine=True) from None


def read_whole(path: Path, limit: int) -> bytes:
    """All bytes of a file, unpacked, at most `limit` of them.

    Raises:
        InputError: there is none, it is damaged or too large.
        MachineError: the machine does not give it.
    """
    if not path.exists():
        raise InputError(f"There is no file '{path}'")
    if not path.is_file():
        raise InputError(f"'{path}' is not a file")
    try:
        with opened(path) as stream:
            content = stream.block(limit + 1)
    except PackedError as error:
        raise (MachineError if error.of_machine else InputError)(f"{path}: {error.reason}") from None
    if len(content) > limit:
        raise InputError(f"{path}: more than {limit // 1_000_000} MB in one file")
    return content
