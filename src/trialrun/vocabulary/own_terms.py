"""A study's or site's own terms file: adds terms, overrides shipped ones, and adds words and codes to them.

terms:
  sponsor's biologics:
    domain: drug
    members: [infliximab, adalimumab]
additions:
  prednisone:
    also: [Prednison]
    codes: {NDC: [0054-0018-20]}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from trialrun.errors import InputError, Place, Problem, ProblemsError, did_you_mean, shortened
from trialrun.vocabulary.code_systems import code_system
from trialrun.vocabulary.concepts import Concept, Domain
from trialrun.vocabulary.terms import Vocabulary
from trialrun.vocabulary.value_sets import read_value_set

MAX_BYTES = 4_000_000
MAX_DEPTH = 8
_BLOCKS = ("terms", "additions")
_TERM_KEYS = ("domain", "also", "codes", "is", "members", "class", "value set", "source")
_ADDITION_KEYS = ("also", "codes", "is", "members", "value set", "source")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


def with_terms_file(base: Vocabulary, path: Path) -> Vocabulary:
    """The vocabulary with a terms file as its top layer, named like the file.

    Raises:
        InputError: the file cannot be read or used; every problem with its line.
    """
    concepts = read_terms_file(path, base)
    try:
        return base.with_layer(concepts, path.name)
    except InputError as error:
        raise InputError(f"{path.name}: {error.message}", hint=error.hint) from None


def read_terms_file(path: Path, base: Vocabulary) -> tuple[Concept, ...]:
    """The concepts a terms file adds or changes.

    Raises:
        InputError: as above.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(
                f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB", hint="Split it into several files."
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"'{path}' is not UTF-8 text", hint="Save it as UTF-8.") from None
    return parse_terms(text, path.name, base, path.parent)


def parse_terms(text: str, file: str, base: Vocabulary, folder: Path = Path()) -> tuple[Concept, ...]:
    """The concepts of the text of a terms file; value sets are looked for in `folder`.

    Raises:
        InputError: as above.
    """
    root = compose(text, file, "Write 'terms:' and a term below it; see docs/terms.md.")
    reader = _Reader(text, file, base, folder)
    reader.read(root)
    if reader.problems:
        raise ProblemsError(reader.problems)
    return tuple(reader.concepts.values())


class _Reader:
    """Walks the nodes of one file, and collects concepts and problems."""

    def __init__(self, text: str, file: str, base: Vocabulary, folder: Path) -> None:
        self.lines = text.splitlines()
        self.file = file
        self.base = base
        self.folder = folder
        self.concepts: dict[str, Concept] = {}
        self.problems: list[Problem] = []
        self.joins: list[tuple[yaml.Node, str, str]] = []

    def read(self, root: yaml.Node) -> None:
        blocks = {key.value: value for key, value in self._pairs(root, _BLOCKS)}
        for key, value in self._pairs(blocks.get("terms")):
            self._term(key, value)
        for key, value in self._pairs(blocks.get("additions")):
            self._addition(key, value)
        for node, member, over in self.joins:
            self._join(node, member, over)
        for block in blocks.values():
            self._check_broader(block)

    def _term(self, key: yaml.ScalarNode, value: yaml.Node) -> None:
        entry = {part.value: node for part, node in self._pairs(value, _TERM_KEYS)}
        domain = self._domain(key, entry.get("domain"))
        if domain is None:
            return
        below = self.base.concepts.get(key.value)
        if below is not None and below.domain is not domain:
            message = f"'{shortened(key.value)}' is a term of the domain {below.domain.value} already"
            self._problem(entry["domain"], message, "Give the new term another name.")
            return
        # How the values of a test compare is no matter of words and codes: it stays as it is.
        measure = below.measure if below is not None else None
        concept = Concept(key.value, domain, measure=measure, source=self._word(entry.get("source")) or self.file)
        is_class = self._yes_no(entry.get("class")) or "members" in entry
        self._put(replace(concept, is_class=is_class), entry)

    def _addition(self, key: yaml.ScalarNode, value: yaml.Node) -> None:
        entry = {part.value: node for part, node in self._pairs(value, _ADDITION_KEYS)}
        below = self.concepts.get(key.value) or self.base.concepts.get(key.value)
        if below is None:
            hint = did_you_mean(key.value, self.base.concepts)
            self._problem(key, f"'{shortened(key.value)}' is no term that could be added to", hint)
            return
        self._put(below, entry)

    def _put(self, concept: Concept, entry: dict[str, yaml.Node]) -> None:
        codes = {system: dict.fromkeys(found) for system, found in concept.codes.items()}
        for system, code in (*self._codes(entry.get("codes")), *self._value_set(concept, entry.get("value set"))):
            codes.setdefault(system, {})[code] = None
        also = [node.value for node in self._words(entry.get("also"))]
        broader = [node.value for node in self._words(entry.get("is"))]
        self.joins += [(node, node.value, concept.name) for node in self._words(entry.get("members"))]
        self.concepts[concept.name] = replace(
            concept,
            aliases=tuple(dict.fromkeys((*concept.aliases, *also))),
            codes={system: tuple(found) for system, found in codes.items()},
            broader=tuple(dict.fromkeys((*concept.broader, *broader))),
        )

    def _join(self, node: yaml.Node, member: str, over: str) -> None:
        """Puts an existing term under a class of this file."""
        domain = self.concepts[over].domain
        found = self.concepts.get(member) or self.base.find([domain], member)
        if found is None:
            near = self.base.nearest([domain], member)
            self._problem(node, f"'{shortened(member)}' is no term", f"Did you mean '{near}'?" if near else None)
            return
        found = self.concepts.get(found.name, found)
        self.concepts[found.name] = replace(found, broader=tuple(dict.fromkeys((*found.broader, over))))

    def _check_broader(self, block: yaml.Node) -> None:
        known = {**self.base.concepts, **self.concepts}
        for _, value in self._pairs(block, quiet=True):
            for part, node in self._pairs(value, quiet=True):
                for word in self._words(node) if part.value == "is" else ():
                    if word.value not in known:
                        self._problem(word, f"'{shortened(word.value)}' is no term", did_you_mean(word.value, known))

    def _domain(self, key: yaml.ScalarNode, node: yaml.Node | None) -> Domain | None:
        if node is None:
            hint = "Add a line such as 'domain: drug'."
            self._problem(key, f"the term '{shortened(key.value)}' has no domain", hint)
            return None
        word = self._word(node)
        known = [domain.value for domain in Domain]
        if word not in known:
            self._problem(node, f"'{shortened(word)}' is no domain", did_you_mean(word, known))
            return None
        return Domain(word)

    def _codes(self, node: yaml.Node | None) -> Iterator[tuple[str, str]]:
        for key, value in self._pairs(node):
            for word in self._words(value):
                yield code_system(key.value), word.value.strip()

    def _value_set(self, concept: Concept, node: yaml.Node | None) -> Iterator[tuple[str, str]]:
        for word in self._words(node):
            try:
                found = read_value_set(self.folder / word.value, concept.name, concept.domain)
            except InputError as error:
                self._problem(word, error.message, error.hint)
                continue
            for system, codes in found.codes.items():
                yield from ((system, code) for code in codes)

    def _yes_no(self, node: yaml.Node | None) -> bool:
        if node is None:
            return False
        word = self._word(node).casefold()
        if word not in _YES_NO:
            self._problem(node, f"'{shortened(word)}' is neither yes nor no")
        return _YES_NO.get(word, False)

    def _word(self, node: yaml.Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self._problem(node, "one value is expected here")
            return ""
        return str(node.value)

    def _words(self, node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [] if node is None else [node]
        for part in parts:
            if isinstance(part, yaml.ScalarNode) and part.value.strip():
                yield part
            elif isinstance(part, yaml.ScalarNode):
                self._problem(part, "an empty value")
            else:
                self._problem(part, "a word or a list of words is expected here")

    def _pairs(
        self, node: yaml.Node | None, known: tuple[str, ...] = (), quiet: bool = False
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        """The entries of a mapping; each key once and, where `known` is given, one of these."""
        if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
            return
        if not isinstance(node, yaml.MappingNode):
            if not quiet:
                self._problem(node, "entries with a name and a colon are expected here")
            return
        seen: set[str] = set()
        for key, value in node.value:
            message, hint = self._key_problem(key, seen, known)
            if message is None:
                seen.add(key.value)
                yield key, value
            elif not quiet:
                self._problem(key, message, hint)

    def _key_problem(self, key: yaml.Node, seen: set[str], known: tuple[str, ...]) -> tuple[str | None, str | None]:
        if not isinstance(key, yaml.ScalarNode) or not key.value.strip():
            return "a name is expected before the colon", None
        if key.value in seen:
            return f"'{shortened(key.value)}' is given twice", "Join the two."
        if known and key.value not in known:
            return f"'{shortened(key.value)}' is not known here", did_you_mean(key.value, known)
        return None, None

    def _problem(self, node: yaml.Node, message: str, hint: str | None = None) -> None:
        mark = node.start_mark
        line = self.lines[mark.line] if mark.line < len(self.lines) else None
        width = len(node.value) if isinstance(node, yaml.ScalarNode) else 1
        place = Place(self.file, mark.line + 1, mark.column + 1, max(1, width))
        self.problems.append(Problem(message, place, line, hint))


def compose(text: str, file: str, if_empty: str) -> yaml.Node:
    """The nodes of one YAML document, without aliases (they can grow) and not nested deeply.

    Args:
        text: The document.
        file: Its name, for messages.
        if_empty: What to do where it is empty.

    Raises:
        InputError: it is no such document.
    """
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            anchor = getattr(event, "anchor", None)
            if anchor is not None:
                message = f"{_at(file, event)}: anchors and aliases (&{anchor}, *{anchor}) are not read"
                raise InputError(message, hint="Write the value out.")
            if depth > MAX_DEPTH:
                raise InputError(f"{_at(file, event)}: more than {MAX_DEPTH} levels of nesting")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
        raise InputError(
            f"{where}: this is not YAML: {error.problem}", hint="Quote text that has a colon in it."
        ) from None
    except yaml.YAMLError:
        raise InputError(f"{file}: this is not YAML", hint="It holds characters that no text file has.") from None
    if node is None:
        raise InputError(f"{file} is empty", hint=if_empty)
    return node


def _at(file: str, event: yaml.Event) -> str:
    mark = event.start_mark
    return f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else file
