"""The parameters of the virtual clinic: those that ship, each with its source, and those a user sets instead.

A user's file has the same sections and names and gives values only:

    clinic:
      main diagnosis: {polymyalgia rheumatica: 60}
    messiness:
      unit missing: 0.2
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from importlib import resources
from math import isfinite
from pathlib import Path
from typing import Any

import yaml

from trialrun.errors import InputError, Place, Problem, ProblemsError, did_you_mean, shortened

ASSUMED = "assumed"
MAX_BYTES = 1_000_000
_KINDS = ("share", "weights", "number", "between", "normal", "skewed", "by age")
_ROUNDING = 1e-9
_PAIRS = ("between", "normal", "skewed")

Pair = tuple[float, float]
Value = float | Pair | Mapping[str, float] | tuple[tuple[int, Pair], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One distribution.

    Args:
        section, name: Where it stands: `polymyalgia`, `first dose`.
        kind: What its value is: share, weights, number, between, normal, skewed, by age.
        value: A number, two numbers, words with weights, or (from this age on, (share of women, share of men)).
        source: A name in `sources`, `assumed`, or the user's file.
        says: What it is, and in which unit.
        least, most: Bounds of a number.
    """

    section: str
    name: str
    kind: str
    value: Value
    source: str
    says: str = ""
    least: float = 0.0
    most: float = 1e9


@dataclass(frozen=True)
class Parameters:
    """All distributions of a clinic."""

    by_place: Mapping[tuple[str, str], Parameter]
    sources: Mapping[str, Mapping[str, str]]

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.by_place.values())

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], float]:
        return {place: one.value for place, one in self.by_place.items() if isinstance(one.value, float)}

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], Pair]:
        found = {}
        for place, one in self.by_place.items():
            if one.kind in _PAIRS:
                assert isinstance(one.value, tuple)
                low, high = one.value
                assert isinstance(low, float) and isinstance(high, float)
                found[place] = (low, high)
        return found

    def number(self, section: str, name: str) -> float:
        """A share or a number."""
        return self._numbers[section, name]

    def pair(self, section: str, name: str) -> Pair:
        """The two numbers of a normal, skewed or between."""
        return self._pairs[section, name]

    def weights(self, section: str, name: str) -> Mapping[str, float]:
        """Words with their weights."""
        value = self.by_place[section, name].value
        assert isinstance(value, Mapping)
        return value

    def at_age(self, section: str, name: str, age: float, *, female: bool) -> float:
        """The share at an age; below the first age it is 0."""
        value = self.by_place[section, name].value
        assert isinstance(value, tuple)
        share = 0.0
        for row in value:
            assert isinstance(row, tuple)
            since, (women, men) = row
            if age >= since:
                share = women if female else men
        return share

    def names(self, section: str, kind: str) -> tuple[str, ...]:
        """Names of a section's parameters of one kind, in the order of the file."""
        return tuple(one.name for one in self if one.section == section and one.kind == kind)

    def without(self, section: str) -> Parameters:
        """The same with every share of a section set to 0: a clinic without messiness."""
        changed = {
            place: replace(one, value=0.0) if one.section == section and one.kind == "share" else one
            for place, one in self.by_place.items()
        }
        return Parameters(changed, self.sources)


@lru_cache(maxsize=1)
def shipped_parameters() -> Parameters:
    """The parameters that ship."""
    file = resources.files("trialrun.patients.clinic") / "parameters.yaml"
    data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)
    sources = data.pop("sources")
    return Parameters(
        {
            (section, name): _shipped(section, name, entry)
            for section, entries in data.items()
            for name, entry in entries.items()
        },
        sources,
    )


def read_parameters(path: Path) -> Parameters:
    """The parameters that ship, with those of a user's file instead of some.

    Raises:
        InputError: the file cannot be read, or a value in it cannot be used; every problem with its line.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB; it is no file of parameters")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"'{path}' is not UTF-8 text", hint="Save it as UTF-8.") from None
    return parse_parameters(text, path.name)


def parse_parameters(text: str, file: str) -> Parameters:
    """The parameters that ship, with those of a text instead of some; see `read_parameters`."""
    reader = _Reader(text, file, shipped_parameters())
    reader.read()
    if reader.problems:
        raise ProblemsError(reader.problems)
    return Parameters(reader.found, reader.base.sources)


def _shipped(section: str, name: str, entry: Mapping[str, Any]) -> Parameter:
    kind = next(kind for kind in _KINDS if kind in entry)
    bare = Parameter(
        section,
        name,
        kind,
        0.0,
        entry["source"],
        entry.get("says", ""),
        float(entry.get("least", 0)),
        float(entry.get("most", 1 if kind == "share" else 1e9)),
    )
    return replace(bare, value=_value(bare, entry[kind]))


def _value(bare: Parameter, written: Any) -> Value:
    """The value of a shipped parameter, or of a user's, from words, lists and tables.

    Raises:
        ValueError: it cannot be the value of this parameter; the message says why.
    """
    if bare.kind in ("share", "number"):
        return _number(written, bare.least, bare.most)
    if bare.kind in _PAIRS:
        return _pair(written, bare.kind)
    if bare.kind == "weights":
        return {word: _number(weight, 0, 1e9) for word, weight in _table(written).items()}
    ages = [(int(_number(age, 0, 130)), _two(row, 0.0, 1.0)) for age, row in _table(written).items()]
    if not ages:
        raise ValueError("needs at least one age")
    return tuple(sorted(ages))


def _number(written: Any, least: float, most: float) -> float:
    if not isinstance(written, str):
        raise ValueError("needs one number")
    try:
        number = float(written)
    except ValueError:
        raise ValueError(f"'{shortened(written, 40)}' is not a number") from None
    if not isfinite(number) or not least <= number <= most:
        raise ValueError(f"{shortened(written, 40)} is not between {least:g} and {most:g}")
    return number


def _two(written: Any, least: float, most: float) -> Pair:
    if not isinstance(written, list) or len(written) != 2:
        raise ValueError("needs two numbers: [low, high]")
    first, second = (_number(one, least, most) for one in written)
    return first, second


def _pair(written: Any, kind: str) -> Pair:
    first, second = _two(written, -1e6, 1e6)
    if kind == "between" and second < first:
        raise ValueError(f"{second:g} is less than {first:g}")
    if kind != "between" and second < 0:
        raise ValueError(f"the spread {second:g} is negative")
    if kind == "skewed" and (first <= 0 or second > 3):
        raise ValueError("needs a median above 0 and a spread of at most 3")
    return first, second


def _table(written: Any) -> Mapping[str, Any]:
    if not isinstance(written, dict):
        raise ValueError("needs a table: {word: number}")
    return written


class _Reader:
    """Walks a user's file and collects parameters and problems."""

    def __init__(self, text: str, file: str, base: Parameters) -> None:
        self.text, self.file, self.base = text, file, base
        self.lines = text.splitlines()
        self.found = dict(base.by_place)
        self.problems: list[Problem] = []

    def read(self) -> None:
        try:
            root = yaml.compose(self.text, Loader=yaml.CBaseLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = Place(self.file, mark.line + 1, mark.column + 1) if mark is not None else None
            raise ProblemsError([Problem("this is not YAML that can be read", place)]) from None
        except RecursionError:
            raise InputError(f"{self.file}: it is nested deeper than any file of parameters") from None
        if root is None:
            return
        sections = {one.section: None for one in self.base}
        for section, entries in self._pairs(root, "sections"):
            if section.value not in sections:
                self._problem(section, f"there is no section '{shortened(section.value)}'", _near(section, sections))
                continue
            names = [name for found, name in self.base.by_place if found == section.value]
            for name, value in self._pairs(entries, "parameters"):
                if name.value not in names:
                    said = f"there is no parameter '{shortened(name.value)}' in '{section.value}'"
                    self._problem(name, said, _near(name, names))
                    continue
                self._set((section.value, name.value), value)

    def _set(self, place: tuple[str, str], node: yaml.Node) -> None:
        below = self.base.by_place[place]
        try:
            written = _plain(node, 0)
            if isinstance(written, dict) and below.kind in written and below.kind != "weights":
                raise ValueError(f"give the value only, without the word '{below.kind}'")
            value = _value(below, written)
            if isinstance(value, Mapping):
                value = _merged(below, value)
        except ValueError as error:
            self._problem(node, f"{place[1]}: {error}", f"It is {_form(below)}.")
            return
        self.found[place] = replace(below, value=value, source=self.file)

    def _pairs(self, node: yaml.Node, what: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._problem(node, f"{what} belong here, as 'name: value'", None)
            return []
        found: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._problem(key, "a name belongs here", None)
            elif key.value in found:
                self._problem(key, f"'{shortened(key.value)}' stands here twice", None)
            else:
                found[key.value] = (key, value)
        return list(found.values())

    def _problem(self, node: yaml.Node, message: str, hint: str | None) -> None:
        mark = node.start_mark
        line = self.lines[mark.line] if mark.line < len(self.lines) else None
        self.problems.append(Problem(message, Place(self.file, mark.line + 1, mark.column + 1), line, hint))


def _near(node: yaml.ScalarNode, known: Any) -> str | None:
    return did_you_mean(node.value, known)


def _plain(node: yaml.Node, depth: int) -> Any:
    """Words, lists and tables of a node; a word twice in a table is an error."""
    if depth > 4:
        raise ValueError("is nested too deeply")
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, depth + 1) for one in node.value]
    found: dict[str, Any] = {}
    for key, value in node.value:
        word = key.value if isinstance(key, yaml.ScalarNode) else ""
        if not word or word in found:
            raise ValueError(
                f"'{shortened(word, 40)}' stands there twice" if word else "a word belongs before each ':'"
            )
        found[word] = _plain(value, depth + 1)
    return found


def _merged(below: Parameter, given: Mapping[str, float]) -> Mapping[str, float]:
    """The shipped weights with the user's instead of some: a word that is not known would mean nothing.

    A number below 1 is a share of all: 0.8 is 80 %. The other words keep their proportions in what is left.
    """
    assert isinstance(below.value, Mapping)
    for word in given:
        if word not in below.value:
            near = did_you_mean(word, below.value) or ""
            raise ValueError(f"'{shortened(word, 40)}' is none of its words. {near}".strip())
    found = {word: given.get(word, weight) for word, weight in below.value.items()}
    if not any(weight > 0 for weight in found.values()):
        raise ValueError("every weight is 0")
    shares = {word: share for word, share in given.items() if 0 < share < 1}
    if not shares:
        return found
    weights = [word for word, weight in given.items() if weight >= 1]
    if weights:
        raise ValueError(
            f"'{next(iter(shares))}' has a share (below 1) and '{weights[0]}' a weight (1 or more); give all one or the other"
        )
    return _with_shares(found, shares)


def _with_shares(found: Mapping[str, float], shares: Mapping[str, float]) -> Mapping[str, float]:
    """Weights that add up to 1: the shares as they are, the other words in proportion in the rest."""
    taken = sum(shares.values())
    others = sum(weight for word, weight in found.items() if word not in shares)
    if taken > 1 + _ROUNDING:
        raise ValueError(f"the shares add up to {taken:g}, more than 1")
    if taken < 1 - _ROUNDING and not others:
        raise ValueError(f"the shares add up to {taken:g}, and no other word takes the rest")
    rest = max(0.0, 1 - taken) / others if others else 0.0
    return {word: shares.get(word, weight * rest) for word, weight in found.items()}


def _form(below: Parameter) -> str:
    forms = {
        "share": "a share between 0 and 1",
        "number": f"a number between {below.least:g} and {below.most:g}",
        "weights": "a table of words and how often each is, as weights (1 or more) or as shares (below 1): {word: number}",
        "between": "two numbers: [low, high]",
        "normal": "mean and standard deviation: [mean, deviation]",
        "skewed": "median and standard deviation of the logarithm: [median, deviation]",
        "by age": "a table of ages, each with the shares of women and of men: {50: [0.1, 0.2]}",
    }
    return forms[below.kind]
