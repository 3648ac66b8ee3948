"""What a draft collects on its way: names that stay unique, open items, provenance, what was read and what not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from trialrun.protocol.writing import Leaf, Tree

_MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value of the draft and the words of the record it was read from."""

    path: str
    source: str
    field: str
    text: str


@dataclass(slots=True)
class Notebook:
    """Filled while a draft is made.

    Args:
        source_of: Which source states a field, for comments and provenance.
    """

    source_of: Callable[[str], str]
    drawn: list[Drawn] = field(default_factory=list)
    open_items: dict[str, dict[str, Tree]] = field(default_factory=dict)
    elements: int = 0
    read: int = 0
    unread: list[str] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)

    def leaf(self, path: str, text: str, where: str, *, words: str | None = None, mark: str = "") -> Leaf:
        """A value that the record states, with its provenance."""
        source = self.source_of(where)
        self.drawn.append(Drawn(path, source, where, words if words is not None else text))
        return Leaf(text, mark, f"{source} {where}")

    def assume(self, asks: str, proposal: str, blocks: str) -> str:
        """The id of an assumption; the same words get the same id."""
        return self._open("A", asks, {"proposal": Leaf(proposal), "blocks": Leaf(blocks)})

    def ask(self, asks: str, blocks: str, about: str, texts: list[str] | None = None) -> str:
        """The id of a question to the sponsor."""
        rows: dict[str, Tree] = {"texts": [Leaf(text) for text in texts or []], "about": [Leaf(about)]}
        return self._open("Q", asks, {**rows, "blocks": Leaf(blocks)})

    def conflict(self, asks: str, texts: list[str], rest: dict[str, Tree]) -> str:
        """The id of a contradiction between texts."""
        return self._open("C", asks, {"texts": [Leaf(text) for text in texts], **rest})

    def element(self, what: str, *, is_read: bool) -> None:
        """Counts one thing that was looked for, and whether the record gave it."""
        self.elements += 1
        self.read += is_read
        if not is_read:
            self.unread.append(what)

    def _open(self, letter: str, asks: str, row: dict[str, Tree]) -> str:
        if asks not in self._asked:
            key = f"{letter}{sum(known.startswith(letter) for known in self.open_items) + 1}"
            self.open_items[key] = {"asks": Leaf(asks), **row, "decided by": Leaf("nobody yet")}
            self._asked[asks] = key
        return self._asked[asks]


class Names:
    """Short names that are unique and can stand in lists with commas."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.casefold() for name in taken}

    def name(self, text: str | None, otherwise: str) -> str:
        """A name made from a text; numbered where it is taken already."""
        return self._unique(_shortened(_clean(text)) or otherwise)

    def phrase(self, text: str, otherwise: str) -> str:
        """A name that is the whole text, or another one where it is too long: half a sentence tells less."""
        clean = _clean(text)
        return self._unique(clean if clean and len(clean) <= _MAX_NAME else otherwise)

    def _unique(self, short: str) -> str:
        name, count = short, 1
        while name.casefold() in self._taken:
            count += 1
            name = f"{short} ({count})"
        self._taken.add(name.casefold())
        return name


def _clean(text: str | None) -> str:
    """A text without the signs that mean something in lists of names."""
    clean = " ".join(re.sub(r"[^\w\s().%+/≥≤<>&'’-]", " ", text or "").split()).strip("-.<>&≥≤ '")
    return re.sub(r"\.\.+", " ", clean)


def _shortened(text: str) -> str:
    if len(text) <= _MAX_NAME:
        return text
    cut = text[:_MAX_NAME].rsplit(" ", 1)[0]
    return (cut if len(cut) > 20 else text[:_MAX_NAME]).rstrip(" -(.&/<>≥≤")
