"""Eligibility prose as lines: headings, list markers and plain text, each with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trialrun.criteria.text import Section

_LONGEST_HEADING = 140
_MOST_HEADINGS = 4
"""Headings on one line; more are no text of an eligibility section."""

# A heading says whose list follows, and nothing that could itself be a criterion.
_EXCLUDES = re.compile(
    r"\bexclu|\bineligib|\bnot (?:be )?(?:eligible|enrolled|included|permitted)|\bnon-?inclusion", re.I
)
_INCLUDES = re.compile(r"\binclu|\beligib", re.I)
_HEADING = re.compile(
    r"""[#*_\s>-]*(?:\(?[0-9ivxa-d]{1,3}[.)]\s*)?
    (?P<words>
        (?:[\w/()'’.,&+-]+\s+){0,8}?
        (?:inclusions?|exclusions?|eligibility|non-?inclusion)
        (?:\s*(?:and|/|&|or)\s*(?:inclusion|exclusion))?
        (?:\s+criteria|\s+criterion|\s+criterias)?
        (?:\s+(?!(?:is|are|was|were|has|have|had)\b)[\w/()'’.,&+-]+){0,10}?
    )
    [*_\s]*(?P<end>:|：|;|\.|-|–)?[*_\s]*$""",
    re.VERBOSE | re.IGNORECASE,
)
_LEADING = re.compile(
    r"[#*_\s]*(?P<words>(?:key\s+|main\s+|general\s+|major\s+)?(?:inclusion|exclusion)s?(?:\s+criteria|\s+criterion)?)"
    r"[*_]*\s*(?:[:：]|\s[-–]\s)[*_]*\s*(?=\S)",
    re.IGNORECASE,
)
_SENTENCE_HEADING = re.compile(
    r"(?:[^.:;]{0,100}?)\b(?:(?:all|any|one or more|one|either|each|the)\s+(?:of\s+)?)?(?:the\s+)?following"
    r"\s+(?:\w+\s+){0,3}?(?:inclusion|exclusion|eligibility|entry)?\s*(?:criteria|criterion|conditions?|requirements?)"
    r"[^.;:]{0,60}:",
    re.IGNORECASE,
)
# A heading that ran on behind the last criterion of the list before it.
_TRAILING = re.compile(
    r"(?P<body>.*?\S)\s+(?P<head>(?:(?:Key|Main|General|Major)\s+)?(?:Inclusion|Exclusion)\s+[Cc]riteria"
    r"|(?:INCLUSION|EXCLUSION)\s+CRITERIA)\s*(?:[:：]\s*)?$"
)
_HEADING_WORD = re.compile(
    r"[#*_-]|\W*(?:\w|\d+|[ivx]+|the|for|of|and|or|all|any|none|no|not|meets?|above|following|key|main|general|major|specific"
    r"|additional|other|study|trial|protocol|patients?|subjects?|participants?|volunteers?|controls?|cases?|donors?"
    r"|recipients?|healthy|cohorts?|groups?|parts?|arms?|phases?|steps?|stages?|medical|clinical|laboratory|disease"
    r"|inclusion|exclusion|criteria|screening|baseline|entry|eligibility|randomi[sz]ation|treatment|enrolment)\W*",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"""(?:
        (?P<outline>[1-9]\d?(?:\.[1-9]\d?){1,3})[.)]?(?=\s)(?!\s+(?:[x×*%]|times)(?:\s|$))
      | (?P<number>\d{1,3})\s?(?:[.)）、]|\.\))(?=\s|[A-Za-z\\"'(≥≤<>])(?!\d)
      | \((?P<bracket>\d{1,2})\)(?=\s|\S)
      | (?P<roman>(?:i{1,3}|iv|v|vi{1,3}|ix|x))[.)](?=\s)
      | (?P<letter>[A-Za-z])(?:\)|\.(?=\s))(?=\s|\S)
      | \((?P<inletter>[a-z]|[ivx]{1,4})\)(?=\s|\S)
      | (?P<bullet>\\?[-*•·◦‣▪●○–—∙➢✓■□►]|\bo(?=\s\s?\S))(?=\s|(?<=[•·◦▪●○■□►➢✓])\S)
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source.

    Args:
        start, end: Its characters without the white space around them.
        indent: Spaces before it.
        kind: heading, marked, or plain.
        marker: For marked lines what kind of marker: number, letter, bullet, outline, …
        value: The marker's own value: its number, letter or outline depth.
        body: Where its words begin, behind the marker.
        after_blank: Whether an empty line stands before it.
        section: For headings: the section that begins.
    """

    start: int
    end: int
    indent: int
    kind: str
    marker: str = ""
    value: str = ""
    body: int = 0
    after_blank: bool = False
    section: Section | None = None


def read_lines(source: str, pieces: Iterator[tuple[int, int]]) -> list[Line]:
    """Classifies pieces of the source; empty ones only leave their mark on the next."""
    found: list[Line] = []
    blank = False
    for start, end in pieces:
        text = source[start:end]
        stripped = text.strip()
        if not stripped:
            blank = True
            continue
        first = start + text.index(stripped[0])
        expanded = text[: first - start].expandtabs(4)
        found += _classified(source, first, first + len(stripped), len(expanded), blank)
        blank = False
    return _without_stray_numbers(found)


def _without_stray_numbers(lines: list[Line]) -> list[Line]:
    """A line that begins with `2.5` is part of an outline only where 2.1 to 2.4 or another of them came before."""
    seen: set[tuple[str, int]] = set()
    kept = []
    for line in lines:
        if line.kind == "marked" and line.marker == "outline":
            above, _, last = line.value.rpartition(".")
            if last != "1" and not any((above, number) in seen for number in range(1, int(last))):
                line = replace(line, kind="plain", marker="", value="", body=line.start)
            else:
                seen.add((above, int(last)))
        kept.append(line)
    return kept


def line_pieces(source: str) -> Iterator[tuple[int, int]]:
    """The lines of a source as spans."""
    position = 0
    for line in source.splitlines(keepends=True):
        yield position, position + len(line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))
        position += len(line)


def heading_section(text: str) -> Section | None:
    """The section that a line begins, if it is a heading and nothing else."""
    if len(text) > _LONGEST_HEADING:
        return None
    match = _HEADING.fullmatch(text)
    if match is None:
        return _sentence_section(text)
    words = match["words"]
    bare = len(words.split()) <= 4
    if match["end"] not in (":", "：") and not (bare and re.search(r"criteri|^\W*(?:in|ex)clusions?\W*$", words, re.I)):
        return None
    if match["end"] not in (":", "：") and words[:1].islower():
        return None
    return _section_of(words)


def _sentence_section(text: str) -> Section | None:
    """`Subjects must meet all of the following inclusion criteria:`"""
    if not text.endswith((":", "：")) or not _SENTENCE_HEADING.fullmatch(text):
        return None
    return _section_of(text) if re.search(r"inclu|exclu|eligib|enrolled", text, re.I) else None


def leading_heading(text: str) -> tuple[Section, int] | None:
    """A heading with the first criterion on its own line: section, and where the rest begins."""
    match = _LEADING.match(text)
    if match is None:
        return None
    section = _section_of(match["words"])
    return None if section is None else (section, match.end())


def _trailing_heading(text: str) -> tuple[int, int] | None:
    """`- Written consent. Exclusion Criteria:`: where the criterion ends and the heading begins."""
    match = _TRAILING.fullmatch(text)
    if match is None:
        return None
    marker = _MARKER.match(text)
    words = match["body"][marker.end() if marker else 0 :].split()
    if all(_HEADING_WORD.fullmatch(word) for word in words):
        return None
    ended = match["body"].endswith((".", ";"))
    in_list = marker is not None and len(words) > 1 and text.endswith((":", "："))
    return (match.end("body"), match.start("head")) if ended or in_list else None


def _section_of(words: str) -> Section | None:
    if re.search(r"inclu\w*\s*(?:and|/|&|or)\s*exclu", words, re.IGNORECASE):
        return Section.OTHER
    if _EXCLUDES.search(words):
        return Section.EXCLUSION
    return Section.INCLUSION if _INCLUDES.search(words) else None


def _classified(
    source: str, start: int, end: int, indent: int, blank: bool, *, most: int = _MOST_HEADINGS
) -> list[Line]:
    """A line, or the headings and the rest that share one."""
    text = source[start:end]
    trailing = _trailing_heading(text) if most else None
    if trailing is not None:
        ends, begins = trailing
        before = _classified(source, start, start + ends, indent, blank, most=most - 1)
        return [*before, Line(start + begins, end, indent, "heading", section=_section_of(text[begins:]))]
    section = heading_section(text)
    if section is not None:
        return [Line(start, end, indent, "heading", after_blank=blank, section=section)]
    leading = leading_heading(text) if most else None
    if leading is not None:
        head = Line(start, start + leading[1], indent, "heading", after_blank=blank, section=leading[0])
        return [head, *_classified(source, start + leading[1], end, indent, blank, most=most - 1)]
    match = _MARKER.match(text)
    if match is None or match.end() == len(text):
        return [Line(start, end, indent, "plain", body=start, after_blank=blank)]
    kind, value = next((name, found) for name, found in match.groupdict().items() if found is not None)
    body = start + match.end()
    inner = heading_section(source[body:end])
    if inner is not None and kind != "bullet":
        return [Line(start, end, indent, "heading", after_blank=blank, section=inner)]
    return [Line(start, end, indent, "marked", kind, value, body, blank)]
