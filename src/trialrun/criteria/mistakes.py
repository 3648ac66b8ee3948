"""Why a rule cannot be read: common mistakes by their own words, else what was expected at that place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from trialrun.criteria.common_mistakes import ALONE, ELSEWHERE, MISTAKES, NOT_OURS, Mistake
from trialrun.errors import GrammarError, did_you_mean, shortened
from trialrun.vocabulary.concepts import Domain

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary

_REACH = 25
"""How far behind a mistake the reading may stop: a wrong word is often taken for a part of a name first."""

_STARTERS = (
    "age at",
    "sex is",
    "diagnosed",
    "had",
    "took",
    "on",
    "vaccinated with",
    "underwent",
    "hospitalised",
    "allergic to",
    "latest",
    "first",
    "lowest",
    "highest",
    "any",
    "every",
    "count of",
    "daily dose of",
    "highest daily dose of",
    "last dose of",
    "dose of any",
    "each",
    "investigator confirms",
    "participant confirms",
    "if",
    "not",
    "at least 2 of (",
)
_OPENINGS = tuple(words + " " for words in _STARTERS if words not in ("on", "if", "not", "had", "first"))
_EXPECTED = {
    "ANCHOR": "an anchor: consent, screening, enrolment, day 1, last dose or end of study",
    "TIME_UNIT": "days, weeks, months or years",
    "NUMBER": "a number",
    "UNIT": "a unit",
    "TERM": "a name",
    "LISTED": "a name",
    "BEFORE": "'before'",
    "AFTER": "'after'",
    "AT": "'at'",
    "AND": "'and'",
    "OR": "'or'",
    "THEN": "'then'",
    "IS": "'is'",
    "WITHIN": "'within'",
    "GT": "a comparison such as > or <=",
    "GE": "a comparison such as > or <=",
    "LT": "a comparison such as > or <=",
    "LE": "a comparison such as > or <=",
    "EQ": "a comparison such as > or <=",
    "RPAR": "a closing parenthesis",
    "RSQB": "a closing bracket",
    "COLON": "a colon",
    "QUOTED": "words in double quotes",
    "SAYS": "confirms, judges, expects, declines, agrees to or reports",
    "FINDING": "positive or negative",
    "SEX_NAME": "female or male",
    "POLICY": "unknown, 'no, within coverage' or no",
    "UNCHANGED": "'unchanged for'",
    "AT_LEAST": "'at least'",
    "$END": "the end of the rule",
    "FROM": "'from'",
    "UNTIL": "'until'",
}


def explain(text: str, error: UnexpectedInput, start: str, vocabulary: Vocabulary) -> GrammarError:
    """The complaint for a text that the grammar refused."""
    position, width = _place(text, error)
    mistake = known_mistake(text, position)
    if mistake is None and _expected(error) & {"IS", "GT"}:  # words of a clause were taken for the name of a test
        mistake = known_mistake(text, _clause(text, position)[0])
    if mistake is None and start == "rule":
        mistake = _elsewhere(text, vocabulary)
    if mistake is not None:
        return mistake
    found = text[position : position + width]
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return GrammarError(
            "the rule ends too early", max(0, len(text.rstrip()) - 1), 1, _hint(error.expected, text, position, start)
        )
    return GrammarError(
        f"'{shortened(found, 40)}' is not expected here",
        position,
        width,
        _hint(_expected(error), text, position, start),
    )


def _place(text: str, error: UnexpectedInput) -> tuple[int, int]:
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        return error.token.start_pos or 0, max(1, len(str(error.token)))
    if isinstance(error, UnexpectedCharacters):
        position = error.pos_in_stream or 0
        word = re.compile(r"\S+").match(text, position)
        return position, len(word[0]) if word else 1
    return len(text.rstrip()), 1


def known_mistake(text: str, position: int) -> GrammarError | None:
    """A mistake whose mark stands where the reading stopped, or in the words just before it."""
    for mistake in MISTAKES:
        for match in mistake.pattern.finditer(text):
            if (
                match.start() <= position + 1
                and position - match.end() <= _REACH
                and (told := _told(text, mistake, match))
            ):
                return told
    return None


def _elsewhere(text: str, vocabulary: Vocabulary) -> GrammarError | None:
    """A mistake anywhere in the text; last, that all of it is a name, or nothing of it is the language's."""
    for mistake in ELSEWHERE:
        for match in mistake.pattern.finditer(text):
            if told := _told(text, mistake, match):
                return told
    alone = ALONE.pattern.fullmatch(text)
    if alone is None or text.lstrip().casefold().startswith(_OPENINGS):
        return None
    told = _told(text, ALONE, alone)
    if told is None or vocabulary.find(tuple(Domain), alone["at"]) is not None:
        return told
    prose = not re.search(r"\d", text)
    return GrammarError(NOT_OURS, told.start, told.width, told.hint) if prose else None


def _told(text: str, mistake: Mistake, match: re.Match[str]) -> GrammarError | None:
    """The complaint about a mistake, unless it stands in a question."""
    named = [name for name in match.re.groupindex if name in ("at", "old", "adult") and match.start(name) >= 0]
    group = named[0] if named else next((n for n in range(1, match.re.groups + 1) if match.start(n) >= 0), 0)
    begin, end = match.span(group)
    if begin == end and "n" in match.re.groupindex:  # what is missing stands behind the words that want it
        group = "n"
        begin, end = match.span(group)
    begin += len(match[group]) - len(match[group].lstrip(" ,")) if match[group].strip(" ,") else 0
    if any(left < begin < right for left, right in (quoted.span() for quoted in re.finditer(r'"[^"]*"', text))):
        return None
    return GrammarError(mistake.message, begin, max(1, end - begin), match.expand(mistake.hint))


def _clause(text: str, position: int) -> tuple[int, str]:
    """Where the clause begins in which the reading stopped, and its words up to there."""
    words = re.split(r"\(|\band\b|\bor\b|;", text[:position])[-1].lstrip()
    return position - len(words), words


def _beginning(text: str, position: int) -> str | None:
    """The way to begin that was probably meant, where a rule begins with words that were taken for a test."""
    clause = _clause(text, position)[1].split()
    if not clause or " ".join(clause).casefold().startswith(_STARTERS):
        return None
    return (
        did_you_mean(clause[0], _STARTERS)
        or "A rule begins for example: age at screening >= 50 years, or: latest ALT > 3 x ULN"
    )


def _expected(error: UnexpectedInput) -> set[str]:
    if isinstance(error, UnexpectedToken):
        return set(error.expected)
    if isinstance(error, UnexpectedCharacters):
        return set(error.allowed or ())
    return set(error.expected) if isinstance(error, UnexpectedEOF) else set()


def _hint(expected: set[str] | list[str], text: str, position: int, start: str) -> str | None:
    """The nearest way to begin, or what the grammar expected at that place."""
    kinds = set(expected)
    if "PICK" in kinds:
        words = " ".join(re.findall(r"\S+", text[position:])[:2])
        near = did_you_mean(words, _STARTERS) or did_you_mean(words.split(" ")[0] if words else "", _STARTERS)
        example = (
            "no live vaccine from day 1 until 4 months after last dose"
            if start == "promise"
            else "age at screening >= 50 years"
        )
        return near or f"A rule begins for example: {example}"
    if kinds & {"IS", "GT"} and (begins := _beginning(text, position)):
        return begins
    words_expected = list(dict.fromkeys(_EXPECTED[kind] for kind in _EXPECTED if kind in kinds))
    if not words_expected:
        return None
    return (
        "Expected "
        + (", ".join(words_expected[:-1]) + " or " if len(words_expected) > 1 else "")
        + words_expected[-1]
        + "."
    )
