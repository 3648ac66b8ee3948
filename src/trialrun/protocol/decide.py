"""Decisions written into a protocol file: only the lines concerned change, comments and layout stay.

The edit is made in the text at the places the reader noted, then the new text is read again: it must be the old
file with exactly this decision in it, or nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trialrun.errors import InputError, UsageError, did_you_mean, shortened
from trialrun.protocol.load import ProtocolFile, load_text
from trialrun.protocol.model import NOBODY, Decision, Protocol
from trialrun.protocol.references import resolve
from trialrun.protocol.source import KeyPath, Plain, Spot
from trialrun.protocol.writing import scalar

REHEARSAL = "REHEARSAL"
PROPOSAL = "proposal"
ACCEPTED = "accepted"

_FINDING = re.compile(r"L\d{2}( .+)?")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a named person decides.

    Raises:
        UsageError: without a name and a role, a choice or a reason.
    """

    use: str
    by: str
    on: date
    reason: str

    def __post_init__(self) -> None:
        name, _, role = re.sub("[，、]", ",", self.by).partition(",")
        if not name.strip() or not role.strip():
            raise UsageError(
                f"'{self.by}' does not say who decides",
                hint='Give name and role: --by "Li Wei, investigator"',
            )
        if name.strip().casefold() in (REHEARSAL.casefold(), NOBODY):
            raise UsageError(f"'{name.strip()}' is not a person", hint="A decision is a named person's.")
        if not self.reason.strip() or not self.use.strip():
            raise UsageError("a decision needs a choice and a reason", hint='Add --use and --reason "…".')


def is_finding(item: str) -> bool:
    """Whether an item is the finding of a check, with or without its subject."""
    return _FINDING.fullmatch(item) is not None


def item_id(text: str, protocol: Protocol) -> str:
    """An item as the file writes it: `c1` and `C1 ` are C1, `l14 calendar` is `L14 calendar`."""
    words = " ".join(text.split())
    known = {key.casefold(): key for key in protocol.decisions}
    if words.casefold() in known:
        return known[words.casefold()]
    return words[:1].upper() + words[1:] if is_finding(words[:1].upper() + words[1:]) else words


def decide(file: ProtocolFile, item: str, ruling: Ruling, *, again: bool = False) -> ProtocolFile:
    """The protocol with a conflict, question or assumption decided, or a finding accepted.

    Args:
        file: The protocol and its text.
        item: `C1`, `Q12`, `A3`, or the id of a finding, `L14` or `L14 visits.week 24`.
        ruling: Who decides what, and why. `use="proposal"` takes the proposal.
        again: Whether an earlier decision may be replaced.

    Raises:
        InputError: no such item, no such option, decided before, or the file cannot be edited safely.
    """
    if is_finding(item):
        return _accept(file, item, ruling, again=again)
    row = file.protocol.decisions.get(item)
    if row is None:
        known = list(file.protocol.decisions)
        raise InputError(f"{file.name} has no '{item}'", hint=did_you_mean(item, known) or _listed(known))
    if not row.is_open and not again:
        raise InputError(
            f"{item} was decided by {row.decided_by} on {row.decided_on}: {row.use}",
            hint="Add --again to decide anew.",
        )
    choice = _choice(item, row, ruling.use)
    values = {"use": choice, **_signed(ruling, "decided by", "decided on")}
    edits = [_row_edit(file, ("decisions", item), values)]
    if row.sets is not None and choice in row.options:
        edits.append(_value_edit(file, row.sets, row.options[choice]))
    expected = _with(file.source.plain, ("decisions", item), values)
    if row.sets is not None and choice in row.options:
        where = resolve(file.source.plain, row.sets)
        assert where is not None
        expected = _with(expected, where, row.options[choice])
    return _applied(file, edits, expected)


def _choice(item: str, row: Decision, use: str) -> str:
    if use == PROPOSAL:
        if row.proposal is None:
            raise InputError(f"{item} has no proposal", hint="Say what to use: --use …")
        return row.proposal
    choice = " ".join(use.split())
    if row.options and choice not in row.options:
        options = "; ".join(f"'{key}' ({value})" for key, value in row.options.items())
        raise InputError(f"'{shortened(choice)}' is not an option of {item}", hint=f"Options: {options}.")
    return choice


def _signed(ruling: Ruling, by: str, on: str) -> dict[str, str]:
    """Who, when and why, under the keys the block uses."""
    return {
        by: " ".join(ruling.by.split()),
        on: ruling.on.isoformat(),
        "reason": " ".join(ruling.reason.split()),
    }


def _accept(file: ProtocolFile, finding: str, ruling: Ruling, *, again: bool) -> ProtocolFile:
    if ruling.use != ACCEPTED:
        raise UsageError(f"a finding can only be accepted, not '{shortened(ruling.use)}'", hint="Write: --use accepted")
    values = _signed(ruling, "by", "on")
    path: KeyPath = ("accepted", finding)
    if finding in file.protocol.accepted:
        if not again:
            earlier = file.protocol.accepted[finding]
            raise InputError(f"{finding} was accepted by {earlier.by} on {earlier.on}", hint="Add --again.")
        edit = _row_edit(file, path, values)
    else:
        edit = _new_acceptance(file, finding, values)
    return _applied(file, [edit], _with(file.source.plain, path, values))


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines `first` up to (not including) `last` of the file, 0-based, replaced by others."""

    first: int
    last: int
    lines: tuple[str, ...]


def _row_edit(file: ProtocolFile, row: KeyPath, values: dict[str, str]) -> _Edit:
    """Writes keys into a block that exists: over old values, keeping their comments, or after its last line."""
    spots = file.source.spots
    children = [path for path in spots if len(path) == len(row) + 1 and path[: len(row)] == row]
    first, last = spots[row].key_line, _last_line(file, row)
    indent = " " * (spots[children[0]].key_column - 1)
    lines: list[str | None] = list(file.source.text.splitlines()[first:last])
    new = dict(values)
    for child in children:
        value = new.pop(str(child[-1]), None)
        if value is None:
            continue
        spot = spots[child]
        begin, end = spot.key_line - first - 1, _last_line(file, child) - first
        tail = (lines[begin] or "")[spot.end_column - 1 :] if spot.one_line else ""
        lines[begin:end] = [f"{indent}{child[-1]}: {scalar(value)}{tail}"] + [None] * (end - begin - 1)
    kept = [line for line in lines if line is not None]
    return _Edit(first, last, (*kept, *(f"{indent}{key}: {scalar(value)}" for key, value in new.items())))


def _new_acceptance(file: ProtocolFile, finding: str, values: dict[str, str]) -> _Edit:
    body = [f"  {scalar(finding)}:", *(f"    {key}: {scalar(value)}" for key, value in values.items())]
    spot = file.source.spots.get(("accepted",))
    if spot is None or not file.protocol.accepted:
        if spot is not None:
            raise InputError("'accepted:' is empty", hint="Take the line out; it will be written again.")
        end = len(file.source.text.splitlines())
        return _Edit(end, end, ("", "accepted:", *body))
    end = _last_line(file, ("accepted",))
    return _Edit(end, end, tuple(body))


def _value_edit(file: ProtocolFile, dotted: str, value: str) -> _Edit:
    """Writes a new value over an old one on its line, keeping the mark and the comment behind it."""
    where = resolve(file.source.plain, dotted)
    assert where is not None  # loading has checked that the value exists
    spot = file.source.spots[where]
    if not spot.one_line:
        raise InputError(f"'{dotted}' runs over several lines", hint="Write it on one line, then decide.")
    line = file.source.text.splitlines()[spot.line - 1]
    marks = file.source.marks.get(where, ())
    mark = f" [{', '.join(marks)}]" if marks else ""
    new = line[: spot.column - 1] + scalar(value) + mark + line[spot.end_column - 1 :]
    return _Edit(spot.line - 1, spot.line, (new,))


def _last_line(file: ProtocolFile, path: KeyPath) -> int:
    """The last line (1-based) of a value and everything below it."""
    spots = file.source.spots
    inside = {inner: spot for inner, spot in spots.items() if inner[: len(path)] == path}
    leaves = inside.keys() - {inner[:-1] for inner in inside}
    return max([spots[path].key_line, *(_end(inside[leaf]) for leaf in leaves)])


def _end(spot: Spot) -> int:
    """The last line of a scalar; libyaml ends a block scalar on the line that follows it."""
    return spot.end_line - 1 if spot.end_column == 1 and spot.end_line > spot.line else spot.end_line


def _applied(file: ProtocolFile, edits: list[_Edit], expected: Plain) -> ProtocolFile:
    newline = "\r\n" if "\r\n" in file.source.text else "\n"
    lines = file.source.text.splitlines()
    for edit in sorted(edits, key=lambda edit: edit.first, reverse=True):
        lines[edit.first : edit.last] = edit.lines
    changed = load_text(newline.join(lines) + newline, file.name)
    if changed.source.plain != expected:
        raise InputError(
            f"{file.name} is laid out in a way that cannot be edited safely; nothing was written",
            hint="Write the decision by hand, one key per line.",
        )
    return changed


def _with(plain: Plain, path: KeyPath, value: str | Mapping[str, Plain]) -> Plain:
    """A copy of the plain tree with a value set, or a block's keys replaced."""
    if not path:
        if isinstance(value, str):
            return value
        return {**(plain if isinstance(plain, dict) else {}), **value}
    head, *rest = path
    if isinstance(plain, list):
        assert isinstance(head, int)
        return [_with(inner, tuple(rest), value) if index == head else inner for index, inner in enumerate(plain)]
    assert isinstance(plain, dict)
    assert isinstance(head, str)
    return {**plain, head: _with(plain.get(head, {}), tuple(rest), value)}


def _listed(known: list[str]) -> str:
    return f"Its items: {', '.join(known)}." if known else "It has no conflicts, questions or assumptions."
