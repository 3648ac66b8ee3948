"""Registry prose split into its criteria with their nesting, losing no character.

The layouts of registries differ: wrapped text with dashes, markdown, numbers, outlines, one sentence a line, one
paragraph for everything. Lines are told apart first (`lines`); here they become sentences with levels. Whether a
sentence in the inclusion list is really an exclusion is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from trialrun.criteria.lines import Line, line_pieces, read_lines
from trialrun.criteria.text import CriterionText, EligibilityText, Role, Section

_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~><^|=&])")
_INLINE_NUMBER = re.compile(r"(?:(?<=\s)|(?<=[.;:)])|^)\(?(\d{1,2})[.)](?:\s+(?=\S)|(?=[^\d\s%]))")
_INLINE_LETTER = re.compile(r"(?:(?<=\s)|(?<=[.;:])|^)\(?([a-z])\)\s*(?=\S)")
_INLINE_BULLET = re.compile(r"(?:(?<=\s)|^)[-*•·–]\s+(?=\S)")
_INLINE_HEADING = re.compile(
    r"(?:(?<=^)|(?<=[.;:)\s]))(?=(?:(?:subjects?|patients?|participants?|women|men|people|those)\b[^.:;]{0,80}?\bfollowing"
    r"[^.:;]{0,40}?\b(?:inclusion|exclusion)\s+criteria|(?:key\s+|main\s+)?(?:inclusion|exclusion)(?:\s+criteria)?)"
    r"[^.:;]{0,40}:)",
    re.IGNORECASE,
)
_INLINE_HEAD_END = re.compile(r"[^:]{0,160}:\s*")
_PLACEHOLDER = re.compile(r"(?:other|additional|further)\b.{0,40}\b(?:criteria|protocol)", re.IGNORECASE)
_DEEPEST = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_INTRODUCES = re.compile(r"(?:following|below|criteria|any of|all of|one of)\b[^.]*[:：]?\s*$", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """A sentence while its lines are collected."""

    section: Section
    level: int
    spans: list[tuple[int, int]]
    marker: str
    indent: int
    value: str = ""
    role: Role = Role.CRITERION
    parent: int | None = None
    index: int = 0


@dataclass(slots=True)
class _State:
    """The list that is being read."""

    section: Section = Section.OTHER
    stack: list[_Draft] = field(default_factory=list)
    has_markers: bool = False


def split(text: str) -> EligibilityText:
    """Splits an eligibility text.

    Returns:
        Its sentences in order, with section, level and parent; headings and markers; and the residue.
    """
    lines = read_lines(text, line_pieces(text))
    if _is_inline(text, lines):
        lines = read_lines(text, _inline_pieces(text))
    marked_sections = _sections_with_markers(lines)
    drafts: list[_Draft] = []
    state = _State()
    part = 0
    for line in lines:
        if line.kind == "heading":
            part += 1
            assert line.section is not None
            state = _State(line.section, has_markers=part in marked_sections)
        elif line.kind == "marked":
            _open(line, text, state, drafts)
        else:
            state.has_markers = part in marked_sections
            _plain(line, text, state, drafts)
    _mark_introductions(text, drafts)
    return _finished(text, lines, drafts)


def _sections_with_markers(lines: list[Line]) -> set[int]:
    """Which parts of the text, counted by headings, use list markers."""
    part, found = 0, set()
    for line in lines:
        part += line.kind == "heading"
        if line.kind == "marked":
            found.add(part)
    return found


def _is_inline(text: str, lines: list[Line]) -> bool:
    """One paragraph that holds a whole list: few lines, many numbers in them."""
    if len(lines) > 6 or len(text) < 60:
        return False
    return any(_inline_breaks(text[line.start : line.end]) for line in lines if line.end - line.start > 60)


def _inline_pieces(text: str) -> Iterator[tuple[int, int]]:
    for start, end in line_pieces(text):
        yield from _paragraph_pieces(text, start, end)


def _paragraph_pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A paragraph cut at its headings, and each of those parts at its numbers or dashes."""
    heads = _inline_heads(text, start, end)
    cuts = sorted({start, *heads, end})
    for left, right in pairwise(cuts):
        body = heads.get(left, left)
        if body > left:
            yield left, body
        points = [body, *(body + at for at in _inline_breaks(text[body:right])), right]
        yield from ((a, b) for a, b in pairwise(points) if a < b)


def _inline_heads(text: str, start: int, end: int) -> dict[int, int]:
    """Headings inside a paragraph: where each begins and ends; none begins inside another."""
    found: dict[int, int] = {}
    busy = start
    for match in _INLINE_HEADING.finditer(text, start, end):
        head = _INLINE_HEAD_END.match(text, match.start(), end)
        if head is not None and match.start() >= busy:
            found[match.start()] = busy = head.end()
    return found


def _inline_breaks(text: str) -> list[int]:
    """Where numbers 1, 2, 3 …, letters a, b, c … or dashes begin list items inside a line."""
    for pattern, names in ((_INLINE_NUMBER, [str(n) for n in range(1, 100)]), (_INLINE_LETTER, list(_LETTERS))):
        breaks = _sequence(pattern, names, text)
        if len(breaks) >= 2:
            return breaks
    dashes = [match.start() for match in _INLINE_BULLET.finditer(text)]
    return dashes if len(dashes) >= 3 else []


def _sequence(pattern: re.Pattern[str], names: list[str], text: str) -> list[int]:
    """Where the names follow one another from the first on; a list may begin anew."""
    breaks, wanted = [], 0
    for match in pattern.finditer(text):
        if wanted < len(names) and match[1] == names[wanted]:
            breaks.append(match.start())
            wanted += 1
        elif match[1] == names[0] and wanted > 1:
            breaks.append(match.start())
            wanted = 1
    return breaks


def _open(line: Line, text: str, state: _State, drafts: list[_Draft]) -> None:
    """A marked line begins a sentence, at the level its marker and indent give."""
    level = min(_level(line, text, state), _DEEPEST)
    parent = state.stack[level - 1] if level else None
    draft = _Draft(state.section, level, [(line.body, line.end)], line.marker, line.indent, line.value)
    draft.parent = parent.index if parent is not None else None
    draft.index = len(drafts)
    drafts.append(draft)
    state.stack[level:] = [draft]
    state.has_markers = True


def _level(line: Line, text: str, state: _State) -> int:
    stack = state.stack
    if not stack:
        return 0
    if line.marker == "outline":
        return _outline_level(line, stack)
    for depth in range(len(stack) - 1, -1, -1):
        above = stack[depth]
        if above.marker == line.marker and abs(above.indent - line.indent) <= 1:
            return depth
        if line.indent > above.indent + 1:
            return depth + 1 if _may_nest(above, text) else depth
        if abs(line.indent - above.indent) <= 1 and _goes_below(line, above, text, stack[: depth + 1]):
            return depth + 1
    return 0


def _outline_level(line: Line, stack: list[_Draft]) -> int:
    """1.2 stands beside 1.1, and below 1 where there is one; an outline may begin at 1.1."""
    dots = line.value.count(".")
    for depth in range(len(stack) - 1, -1, -1):
        above = stack[depth]
        if above.marker == "outline" and above.value.count(".") >= dots:
            if above.value.count(".") == dots:
                return depth
        elif above.marker in ("outline", "number", "plain"):
            return depth + 1
    return 0


def _may_nest(above: _Draft, text: str) -> bool:
    """A sentence without a marker holds a deeper list only where it announces one."""
    return above.marker != "plain" or text[above.spans[-1][0] : above.spans[-1][1]].rstrip().endswith((":", "："))


def _goes_below(line: Line, above: _Draft, text: str, stack: list[_Draft]) -> bool:
    """At the same indent: a letter or bullet below a number, or anything below a sentence that ends in a colon."""
    if any(draft.marker == line.marker for draft in stack):
        return False
    if above.marker in ("", "plain"):
        return False
    order = {"number": 0, "bracket": 0, "outline": 0, "bullet": 1, "letter": 1, "inletter": 1, "roman": 2}
    ends = text[above.spans[-1][0] : above.spans[-1][1]].rstrip()
    return order[line.marker] > order[above.marker] or ends.endswith((":", "："))


def _plain(line: Line, text: str, state: _State, drafts: list[_Draft]) -> None:
    """A line without a marker goes on with the sentence before it, or begins one."""
    last = state.stack[-1] if state.stack else None
    if last is not None and _continues(line, last, text, state):
        last.spans.append((line.start, line.end))
        return
    draft = _Draft(state.section, 0, [(line.start, line.end)], "plain", line.indent, index=len(drafts))
    drafts.append(draft)
    state.stack = [draft]


def _continues(line: Line, last: _Draft, text: str, state: _State) -> bool:
    words = text[line.start : line.end]
    before = text[last.spans[-1][0] : last.spans[-1][1]].rstrip()
    if re.fullmatch(r"(?:and|or|and/or)[:,.]?", words, re.IGNORECASE):
        return True
    unfinished = words[:1].islower() or before.endswith((",", " and", " or", "-", "("))
    if _PLACEHOLDER.match(words):
        return False
    if line.after_blank:
        return unfinished and not before.endswith((".", ":"))
    if last.marker != "plain":
        return not (words.endswith(":") and words[:1].isupper() and before.endswith((".", ";")))
    if state.has_markers:
        return True
    # Without any marker a line is a sentence, whatever it begins or ends with, unless it was cut at a fixed width.
    return _is_wrapped(before, words)


def _is_wrapped(before: str, words: str) -> bool:
    """A line broken near a fixed width in the middle of a sentence."""
    return 60 <= len(before) <= 85 and not before.endswith((".", ";", ":")) and words[:1].islower()


def _mark_introductions(text: str, drafts: list[_Draft]) -> None:
    """Sentences without a marker that only announce a list are remarks, or heads of groups."""
    for index, draft in enumerate(drafts):
        if draft.marker != "plain" or index + 1 >= len(drafts):
            continue
        words = text[draft.spans[0][0] : draft.spans[-1][1]].rstrip()
        follows = drafts[index + 1]
        if follows.marker == "plain" or follows.section is not draft.section:
            continue
        if words.endswith((":", "：")) or (_INTRODUCES.search(words) and len(words) < 160 and not words.endswith(".")):
            draft.role = Role.NOTE


def _finished(text: str, lines: list[Line], drafts: list[_Draft]) -> EligibilityText:
    """Sentences with ids, and the account of every character."""
    keys = _ids(drafts)
    items = tuple(_item(text, draft, key, keys) for draft, key in zip(drafts, keys, strict=True))
    heads = [(line.start, line.end) for line in lines if line.kind == "heading"]
    heads += [(line.start, line.body) for line in lines if line.kind == "marked"]
    return EligibilityText(text, items, tuple(sorted(heads)), tuple(_residue(text, [*heads, *_spans(drafts)])))


def _item(text: str, draft: _Draft, key: str, keys: list[str]) -> CriterionText:
    words = " ".join(text[start:end] for start, end in draft.spans)
    clean = " ".join(_ESCAPED.sub(r"\1", words).split())
    parent = None if draft.parent is None else keys[draft.parent]
    start, end = draft.spans[0][0], draft.spans[-1][1]
    return CriterionText(key, draft.section, draft.level, parent, draft.role, clean, start, end)


def _spans(drafts: list[_Draft]) -> list[tuple[int, int]]:
    return [(draft.spans[0][0], draft.spans[-1][1]) for draft in drafts]


def _ids(drafts: list[_Draft]) -> list[str]:
    """I1, I2, I2.a, I2.a.1 …: letters and numbers by turns; remarks count apart, as I.note1."""
    keys: list[str] = []
    counts: dict[str, int] = {}
    letters = {Section.INCLUSION: "I", Section.EXCLUSION: "E", Section.OTHER: "N"}
    for draft in drafts:
        above = letters[draft.section] if draft.parent is None else keys[draft.parent]
        if draft.role is Role.NOTE:
            above = f"{letters[draft.section]}.note"
        counts[above] = counts.get(above, 0) + 1
        if draft.parent is None or draft.role is Role.NOTE:
            keys.append(f"{above}{counts[above]}")
        else:
            keys.append(f"{above}.{_name(counts[above], draft.level)}")
    return keys


def _name(count: int, level: int) -> str:
    if level % 2 == 0:
        return str(count)
    tens, ones = divmod(count - 1, 26)
    return (_LETTERS[tens - 1] if 0 < tens <= 26 else "z" * tens) + _LETTERS[ones] if tens else _LETTERS[ones]


def _residue(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What no span covers, white space at its ends left out."""
    position = 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        if start > position and (piece := text[position:start]).strip():
            first = position + len(piece) - len(piece.lstrip())
            yield first, position + len(piece.rstrip())
        position = max(position, end)
