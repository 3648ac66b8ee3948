"""JSON from files that nobody vouches for: what is not JSON is told with line and column, and nothing is guessed.

Python's reader alone accepts NaN, keeps the last of two equal keys, and ends in other errors than its own on deep nesting
and on very long numbers; here each of these is a `JsonError` in the user's words.
"""

from __future__ import annotations

import json
import math
from typing import Any

from trialrun.errors import InputError, shortened

_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class JsonError(InputError):
    """A text that is not JSON, or not text.

    Args:
        reason: What is wrong.
        line, column: Where, 1-based; None where the whole is meant.
    """

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column

    def at(self, source: str) -> InputError:
        """The same error with the name of the file, as a message to the user."""
        places = [source, *(str(number) for number in (self.line, self.column) if number is not None)]
        return InputError(f"{':'.join(places)}: {self.reason}")


def text_of(content: bytes) -> str:
    """Bytes as UTF-8 text, a byte-order mark removed.

    Raises:
        JsonError: for anything that is not UTF-8, with the line.
    """
    if looks_binary(content):
        raise JsonError("this is not UTF-8 text (it looks like UTF-16 or binary); save it as UTF-8", 1)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + content[: error.start].count(b"\n")
        raise JsonError(f"byte 0x{content[error.start]:02x} is not UTF-8 text; save it as UTF-8", line) from None


def looks_binary(content: bytes) -> bool:
    """Whether bytes begin like UTF-16 or like no text at all."""
    return content.startswith(_BYTE_ORDER_MARKS) or b"\x00" in content[:200]


def parse_json(text: str) -> Any:
    """The value of a JSON text.

    Raises:
        JsonError: the text is no JSON, has NaN or Infinity, a number beyond every range or of thousands of digits, a key
            twice in one object, or is nested too deeply.
    """
    try:
        return json.loads(text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_twice)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        truncated = " (the file may be cut off)" if at_end else ""
        raise JsonError(f"this is not JSON: {error.msg.lower()}{truncated}", error.lineno, error.colno) from None
    except RecursionError:
        raise JsonError("this JSON is nested deeper than any record") from None
    except ValueError:
        # Python refuses to make a number of more than 4,300 digits; it says so with a plain ValueError.
        raise JsonError("it holds a number with more digits than any record has") from None


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise JsonError(f"'{shortened(text, 30)}' is larger than any number of a record")
    return value


def _no_constant(word: str) -> None:
    raise JsonError(f"'{word}' is no JSON value")


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise JsonError(f"the key '{shortened(twice, 40)}' is given twice in one object")
    return found
