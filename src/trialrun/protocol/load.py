"""From the text of a protocol file to frozen objects, or to all its problems at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from trialrun.errors import GrammarError, Problem, ProblemsError, did_you_mean, shortened
from trialrun.protocol.identity import meaning_hash
from trialrun.protocol.model import FORMAT, Block, Decision, Protocol
from trialrun.protocol.references import reference_problems, resolve
from trialrun.protocol.rules import Rules, read_rules
from trialrun.protocol.source import KeyPath, SourceTree, parse_source, read_source
from trialrun.vocabulary.terms import Vocabulary, shipped


@dataclass(frozen=True)
class ProtocolFile:
    """A protocol together with the text it was read from."""

    protocol: Protocol
    source: SourceTree
    rules: Rules
    vocabulary: Vocabulary = field(repr=False)

    @cached_property
    def hash(self) -> str:
        """The hash of the meaning: the same for two files that differ in white space and comments only.

        The study's own terms belong to it. The terms that ship do not: `vocabulary.identity` is of all.
        """
        own = self.vocabulary.identity_over(shipped()) if self.protocol.terms is not None else ""
        return meaning_hash(self.protocol, own)

    @property
    def name(self) -> str:
        """The file's name, as messages give it."""
        return self.source.file

    def open_items(self) -> dict[str, Decision]:
        """Conflicts, questions and assumptions that nobody has decided yet, in the file's order."""
        return {key: row for key, row in self.protocol.decisions.items() if row.is_open}

    def marked(self, item: str) -> tuple[KeyPath, ...]:
        """The values that carry the mark of a conflict, question or assumption."""
        return tuple(path for path, marks in self.source.marks.items() if item in marks)

    def still_as_proposed(self, item: str) -> tuple[KeyPath, ...]:
        """Values with the mark of an item that was decided otherwise than proposed, and that it does not set."""
        row = self.protocol.decisions[item]
        if row.is_open or row.proposal is None or row.use == row.proposal:
            return ()
        own = resolve(self.source.plain, row.sets) if row.sets is not None else None
        return tuple(path for path in self.marked(item) if path != own)


def load(path: Path) -> ProtocolFile:
    """Reads a protocol file.

    Raises:
        ProblemsError: with all problems of the file.
        InputError, MachineError: when it cannot be read at all.
    """
    return _load(read_source(path))


def load_text(text: str, file: str = "protocol.yaml") -> ProtocolFile:
    """Reads the text of a protocol file.

    Raises:
        ProblemsError: with all problems of the text.
    """
    return _load(parse_source(text, file))


def _load(source: SourceTree) -> ProtocolFile:
    try:
        protocol = Protocol.model_validate(source.plain)
    except ValidationError as error:
        raise ProblemsError(_problem(source, detail) for detail in error.errors(include_url=False)) from None
    problems = list(reference_problems(protocol, source))
    if problems:
        raise ProblemsError(problems)
    vocabulary = _vocabulary(protocol, source)
    return ProtocolFile(protocol, source, read_rules(protocol, source, vocabulary), vocabulary)


def _vocabulary(protocol: Protocol, source: SourceTree) -> Vocabulary:
    """The shipped terms, with those of the study's own terms file on top."""
    if protocol.terms is None:
        return shipped()
    from trialrun.vocabulary.own_terms import with_terms_file

    path = Path(source.file).parent / protocol.terms
    if not path.is_file():
        hint = f"It is looked for at '{path}'."
        raise ProblemsError([source.problem(("terms",), f"there is no terms file '{protocol.terms}'", hint=hint)])
    return with_terms_file(shipped(), path)


def _problem(source: SourceTree, detail: ErrorDetails) -> Problem:
    path: KeyPath = detail["loc"]
    name = str(path[-1]) if path else "the file"
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, GrammarError):
        return source.problem(path, f"{name}: {cause.message}", hint=cause.hint, start=cause.start, width=cause.width)
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1])
        hint = did_you_mean(name, known) or "Known keys: " + ", ".join(known) + "."
        return source.problem(path, f"'{name}' is not a key here", hint=hint, width=len(name), key=True)
    if kind == "missing":
        hint = f"Write: format: {FORMAT}" if name == "format" else f"Add a line '{name}: …'."
        return source.problem(path[:-1], f"'{name}' is missing", hint=hint, key=True)
    if kind in ("dict_type", "mapping_type", "model_type", "model_attributes_type"):
        found = shortened(str(detail["input"]), 30) or "nothing"
        return source.problem(path, f"{name}: '{found}' stands where a block of keys belongs", hint=_block_hint(path))
    if kind == "tuple_type":
        hint = "Write each entry on a line of its own, beginning with '- '."
        return source.problem(path, f"{name}: a list belongs here", hint=hint)
    return source.problem(path, f"{name}: {detail['msg'].removeprefix('Value error, ')}")


def _block_hint(path: KeyPath) -> str | None:
    known = _known_keys(path)
    return "Keys: " + ", ".join(known) + "." if known else "Write 'name: value' lines, indented, below it."


def _known_keys(path: KeyPath) -> list[str]:
    """The keys that the block at a path takes; empty where it takes any name."""
    here: Any = Protocol
    for part in path:
        here = _inside(here, part)
        if here is None:
            return []
    return _keys(here) if _is_block(here) else []


def _inside(here: Any, part: str | int) -> Any:
    if _is_block(here):
        fields = {field.alias or name: field for name, field in here.model_fields.items()}
        return _bare(fields[str(part)].annotation) if part in fields else None
    arguments = get_args(here)
    return _bare(arguments[-1] if isinstance(part, str) else arguments[0]) if arguments else None


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _is_block(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Block)


def _keys(block: type[Block]) -> list[str]:
    return [field.alias or name for name, field in block.model_fields.items()]
