"""The column map, `columns.yaml`: which column of a spreadsheet is what.

files:
  - file: export.csv
    separator: ";"
    dates: DD.MM.YYYY
    decimal: ","
    person: {id: Patient, birth: Geburtsdatum, sex: Geschlecht}
    sexes: {w: female, m: male}
    rows:
      - fixed: {domain: measurement, source_text: ALT, unit_source: U/L}
        columns: {start: Datum, value: GPT}
    ignore: [Bemerkung]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from trialrun.errors import InputError, Place, Problem, ProblemsError, did_you_mean, shortened
from trialrun.json_text import JsonError, text_of
from trialrun.packed import read_whole
from trialrun.patients.person import Sex, Status
from trialrun.patients.tables.cells import DATE_FORMS
from trialrun.patients.tables.layout import COVERAGE_FIELDS, DATES, EVENT_FIELDS, PERSON_FIELDS, FileMap, RowMap
from trialrun.vocabulary.concepts import Domain
from trialrun.vocabulary.own_terms import compose

MAX_BYTES = 1_000_000
_SEPARATORS = {",": ",", ";": ";", "tab": "\t", "\t": "\t", "|": "|"}
_FILE_KEYS = (
    "file", "person", "rows", "coverage", "separator", "dates", "decimal", "empty", "sexes", "ignore",
)  # fmt: skip
_ROW_KEYS = ("columns", "fixed")


def read_columns_file(path: Path) -> tuple[FileMap, ...]:
    """The files a column map describes.

    Raises:
        ProblemsError: with every problem of the map, each with its line.
        InputError, MachineError: it cannot be read.
    """
    try:
        text = text_of(read_whole(path, MAX_BYTES))
    except JsonError as error:
        raise error.at(str(path)) from None
    return parse_columns(text, path.name)


def parse_columns(text: str, name: str = "columns.yaml") -> tuple[FileMap, ...]:
    """The files that the text of a column map describes.

    Raises:
        ProblemsError: as above.
    """
    reader = _Reader(text, name)
    root = reader.mapping(
        compose(text, name, "Write 'files:' and a file below it; see docs/patient-tables.md."), ("files",)
    )
    maps = [reader.file(node) for node in reader.items(root.get("files"))]
    if not maps and not reader.problems:
        raise InputError(f"{name}: no file is described", hint="Write 'files:' and '- file: export.csv' below it.")
    if reader.problems:
        raise ProblemsError(reader.problems)
    return tuple(maps)


class _Reader:
    """Walks the nodes of a map and collects problems."""

    def __init__(self, text: str, name: str) -> None:
        self._lines, self._name = text.splitlines(), name
        self.problems: list[Problem] = []

    def file(self, node: yaml.Node) -> FileMap:
        """One file."""
        entry = self.mapping(node, _FILE_KEYS)
        person = self.words(entry.get("person"), PERSON_FIELDS)
        if "file" not in entry:
            self._problem(node, "the entry names no file", "Add 'file: export.csv'.")
        if "id" not in person:
            self._problem(entry.get("person", node), "'person' has no 'id'", "Add the column with the person's id.")
        coverage = self.words(entry.get("coverage"), COVERAGE_FIELDS)
        if coverage and set(coverage) != set(COVERAGE_FIELDS):
            self._problem(entry["coverage"], "coverage needs a start and an end")
        return FileMap(
            self.word(entry.get("file")),
            person,
            tuple(self._row(one) for one in self.items(entry.get("rows"))),
            coverage,
            _SEPARATORS.get(self._one_of(entry.get("separator"), _SEPARATORS), ""),
            self._one_of(entry.get("dates"), DATE_FORMS) or DATES,
            self._one_of(entry.get("decimal"), (".", ",")) or ".",
            frozenset(self.word(one) for one in self.items(entry.get("empty"))),
            self._sexes(entry.get("sexes")),
            tuple(self.word(one) for one in self.items(entry.get("ignore"))),
        )

    def _row(self, node: yaml.Node) -> RowMap:
        entry = self.mapping(node, _ROW_KEYS)
        columns, fixed = (self.words(entry.get(key), EVENT_FIELDS) for key in ("columns", "fixed"))
        if not columns:
            self._problem(node, "a row takes nothing from a column", "Add 'columns:' with a value or a code.")
        if "domain" not in {*columns, *fixed}:
            self._problem(node, "a row has no domain", "Add 'fixed: {domain: measurement}'.")
        for name in sorted(set(columns) & set(fixed)):
            self._problem(node, f"'{name}' is fixed and taken from a column as well")
        for name, known in (("domain", list(Domain)), ("status", list(Status))):
            if name in fixed and fixed[name] not in known:
                self._problem(
                    entry["fixed"], f"'{shortened(fixed[name])}' is no {name}", did_you_mean(fixed[name], known)
                )
        return RowMap(columns, fixed)

    def _sexes(self, node: yaml.Node | None) -> Mapping[str, str]:
        sexes = {key.casefold(): value for key, value in self.words(node, None).items()}
        for word in sexes.values():
            if word not in set(Sex) and node is not None:
                self._problem(node, f"'{shortened(word)}' is none of {', '.join(Sex)}")
        return sexes

    def _one_of(self, node: yaml.Node | None, known: Iterable[str]) -> str:
        word = self.word(node, strip=False) if node is not None else ""
        if word and word not in known and node is not None:
            listed = ", ".join(repr(one) if one.isspace() else one for one in known)
            self._problem(node, f"'{shortened(word)}' is none of {listed}")
            return ""
        return word

    def mapping(self, node: yaml.Node | None, known: tuple[str, ...] | None) -> dict[str, yaml.Node]:
        """The entries of a mapping, each key once and, where `known` is given, one of these."""
        found: dict[str, yaml.Node] = {}
        if node is None:
            return found
        if not isinstance(node, yaml.MappingNode):
            self._problem(node, "entries with a name and a colon are expected here")
            return found
        for key, value in node.value:
            name = self.word(key)
            if name in found:
                self._problem(key, f"'{shortened(name)}' is given twice")
            elif known is not None and name not in known:
                self._problem(key, f"'{shortened(name)}' is not known here", did_you_mean(name, known))
            else:
                found[name] = value
        return found

    def words(self, node: yaml.Node | None, known: tuple[str, ...] | None) -> dict[str, str]:
        """The entries of a mapping whose values are single words."""
        return {key: self.word(value) for key, value in self.mapping(node, known).items()}

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        """The entries of a list; a single value is a list of one."""
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def word(self, node: yaml.Node | None, *, strip: bool = True) -> str:
        """A single value."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._problem(node, "one value is expected here")
            return ""
        return str(node.value).strip() if strip else str(node.value)

    def _problem(self, node: yaml.Node, message: str, hint: str | None = None) -> None:
        mark = node.start_mark
        line = self._lines[mark.line] if mark.line < len(self._lines) else None
        width = len(node.value) if isinstance(node, yaml.ScalarNode) else 1
        place = Place(self._name, mark.line + 1, mark.column + 1, max(1, width))
        self.problems.append(Problem(message, place, line, hint))
