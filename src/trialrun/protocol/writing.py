"""Words written as YAML that reads back as the same words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

_PLAIN = re.compile(r"[A-Za-z0-9(<+/.≥≤µ][^\n\t\"'\\]*")
_ENDS = re.compile(r"(\s|:|\[(?:[CQA]\d+)(?:\s*,\s*[CQA]\d+)*\])$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029\ufeff]")


def scalar(text: str) -> str:
    """One line of YAML for a text: plain where it may be, in double quotes where it must.

    White space is folded and control characters are left out: neither carries meaning in a protocol file.
    """
    clean = " ".join(_CONTROL.sub(" ", text).split())
    if clean and _PLAIN.fullmatch(clean) and ": " not in clean and " #" not in clean and not _ENDS.search(clean):
        return clean
    return json.dumps(clean, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value as it is written: its text, the mark of an open item, and where it came from."""

    text: str
    mark: str = ""
    comment: str = ""


Tree: TypeAlias = "Leaf | Sequence[Leaf | dict[str, Tree]] | dict[str, Tree]"
"""A block of the file before it is written."""


def render(tree: Mapping[str, Tree], indent: int = 0) -> list[str]:
    """The lines of a block: keys in order, empty blocks left out."""
    pad = "  " * indent
    lines: list[str] = []
    for key, value in tree.items():
        if isinstance(value, Leaf):
            lines.append(f"{pad}{scalar(key)}: {_leaf(value)}")
        elif isinstance(value, dict):
            if inner := render(value, indent + 1):
                lines += [f"{pad}{scalar(key)}:", *inner]
        elif value:
            lines.append(f"{pad}{scalar(key)}:")
            for entry in value:
                lines += _entry(entry, indent)
    return lines


def _entry(entry: Leaf | dict[str, Tree], indent: int) -> list[str]:
    """One entry of a list: a value, or a block whose first key stands behind the dash."""
    pad = "  " * (indent + 1)
    if isinstance(entry, Leaf):
        return [f"{pad}- {_leaf(entry)}"]
    first, *rest = render(entry, indent + 2)
    return [f"{pad}- {first.strip()}", *rest]


def _leaf(leaf: Leaf) -> str:
    text = scalar(leaf.text)
    if leaf.mark:
        text = f'{text[:-1]} [{leaf.mark}]"' if text.startswith('"') else f"{text} [{leaf.mark}]"
    return f"{text}  # {' '.join(leaf.comment.split())}" if leaf.comment else text
