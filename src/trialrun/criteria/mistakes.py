"""Why a rule cannot be read: common mistakes by their own words, else what was expected at that place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from trialrun.errors import GrammarError, did_you_mean, shortened

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


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that people make, recognised by its look.

    Args:
        pattern: Matched in the whole text; the first group is what is pointed at.
        message: What is wrong.
        hint: What to write; `\\g<n>` stands for the words of a group. The group `at` is pointed at.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str


def _mistake(pattern: str, message: str, hint: str) -> Mistake:
    return Mistake(re.compile(pattern, re.IGNORECASE), message, hint)


MISTAKES = (
    _mistake(
        r"\bage\s*(?P<at>[<>=≤≥]+)\s*(?P<n>\d+)\s*years?",
        "an age is counted on a day",
        r"Write: age at screening \g<at> \g<n> years",
    ),
    _mistake(
        r"(?P<at>\b(?:is )?(?:breast-?feeding|lactating)\b)",
        "this is asked of the investigator",
        'Write: investigator confirms "lactating"',
    ),
    _mistake(
        r"(?P<at>\bno (?:prior |known )?history of)\s+(?P<n>[^,()]+?)\s*(?:$|,|\)|\band\b|\bor\b)",
        "an absence is written with 'not' or 'never' and a verb",
        r"Write: not diagnosed \g<n>",
    ),
    _mistake(
        r"\blast dose of\b.*?(?P<at>\b(?:less|more) than) (?P<n>\d+ \w+) before",
        "the last dose is 'at least' so long ago",
        r"Taken in the last \g<n>: took … within \g<n> before screening. "
        r"Stopped for at least \g<n>: last dose of … at least \g<n> before screening",
    ),
    _mistake(
        r"\b(?:took|diagnosed|had)\b[^()]*?(?P<at>\bfor(?: at least| less than| more than)?) (?P<n>\d+ \w+)",
        "how long something lasted cannot be asked; when it happened can",
        r"For when it happened, in the last \g<n>: … within \g<n> before screening. "
        'For how long it lasted, ask in words: investigator confirms "…"',
    ),
    _mistake(
        r"\bdose of\b.*?(?P<at>\b(?:stable|constant|unchanged) for(?: at least)?) (?P<n>\d+ \w+)",
        "a stable dose is written with 'unchanged for'",
        r"Write: dose of … unchanged for \g<n> before screening",
    ),
    _mistake(
        r"within (?P<n>\d+ \w+) (?P<at>prior to)\b",
        "the language says 'before'",
        r"Write: within \g<n> before screening",
    ),
    _mistake(
        r"\b(?:took|diagnosed|had|underwent)\s+(?P<one>[\w -]+?)(?P<at>,| or) "
        r"(?!took|diagnosed|had|underwent|not|never|if|then|except|unless)(?P<two>[\w -]+?) within\b",
        "several names stand in brackets",
        r"Write: [\g<one>, \g<two>] within",
    ),
    _mistake(
        r"\bat least \d+ of \([^;()]*?(?P<at>,)", "the entries are divided by semicolons", "Write: at least 2 of (…; …)"
    ),
    _mistake(r"(?P<at>\bunless\b)", "an exception is written with 'except'", "Write: … except …"),
    _mistake(
        r"[<>=≤≥]+\s*[\d.]+[^<>=≤≥]*?(?P<at>\bwithin) (?P<n>\d+ \w+) before",
        "the window stands before the sign",
        r"Write: latest … within \g<n> before screening > …",
    ),
    _mistake(
        r"(?P<n>\d+(?:\.\d+)?)\s*(?P<at>(?:[x×*]\s*)?10\s*[\^*]+\s*(?P<e>\d+)\s*/\s*(?P<u>\w+))",
        "a power of ten is a part of the unit",
        r"Write: \g<n> 10*\g<e>/\g<u>",
    ),
    _mistake(
        r"(?:^|[(;]|\bif )\s*(?P<one>[\w-]+) (?P<at>and|or) (?P<two>[\w-]+) (?P<n>[<>=≤≥]+)",
        "each test has a comparison of its own",
        r"Write: \g<one> \g<n> … \g<at> \g<two> \g<n> …",
    ),
    _mistake(r"\blatest \[[^\],]*(?P<at>,)", "one test has one comparison", "Write: latest ALT > … or latest AST > …"),
    _mistake(r"(?P<at>\bis)\s*(?P<n>[<>=≤≥]+)", "a sign needs no 'is'", r"Write: \g<n> without 'is'"),
    _mistake(
        r"(?P<at>\bis) (?P<n>[IV]+|\d) or (?P<two>[IV]+|\d)\b",
        "a level is compared with a sign",
        r"Write: … >= \g<n> and … <= \g<two>",
    ),
    _mistake(
        r"if nothing (?:is )?recorded:\s*(?P<at>(?!no\b|unknown\b)\w+)",
        "this is no policy",
        "Write: unknown, 'no, within coverage' or no",
    ),
    _mistake(
        r"\bno\b(?!.*\bfrom\b).*?(?P<at>\buntil\b)",
        "a promise says from which day it holds",
        "Write: no … from day 1 until end of study",
    ),
    _mistake(
        r"(?P<n>\d+)(?P<at>/)(?P<two>\d+)\s*mm",
        "a blood pressure is two tests",
        r"Write for example: latest systolic blood pressure > \g<n> mmHg or latest diastolic blood pressure > \g<two> mmHg",
    ),
    _mistake(
        r"(?P<at>\bexcept)\s+(?!\[|\(|diagnosed|had|took|on|latest|not|sex|age|[IE]\d)(?P<n>[^\[\](),]+)$",
        "the names that are left out stand in brackets",
        r"Write: except [\g<n>]",
    ),
    _mistake(r"^\s*(?P<at>female|male)\s*$", "sex is asked with 'sex is'", r"Write: sex is \g<at>"),
    _mistake(
        r"^\s*(?!.*\b(?:age|sex|if|not|no|never|on|any|every|each|is|are|has|have|had|the|of|and|or|at|for|with|in|took|latest)\b)"
        r"(?!.*\b(?:diagnosed|takes|taking|received|underwent|patient|subject|person|participant|pregnant|confirms)\b)"
        r"(?P<at>[a-z][a-z -]*)\s*$",
        "a name alone is no rule",
        r'Say what of it is asked, for example with diagnosed, took or latest; or in words: investigator confirms "\g<at>"',
    ),
    _mistake(
        r"\b(?:or|and)\b [^()]*?(?P<at>,\s*if nothing)",
        "one part of several has a policy",
        "Put that part into parentheses: … or (had …, if nothing recorded: no)",
    ),
    _mistake(
        r"\b(?:and)\b[^()]*?\s(or)\b|\b(?:or)\b[^()]*?\s(and)\b",
        "'and' and 'or' stand side by side, and it is not clear which comes first",
        "Put parentheses around what belongs together: (… or …) and …",
    ),
    _mistake(
        r"\b(?P<at>in|during) (?:the )?(?:last |past |previous )?(?P<n>\d+ (?:day|week|month|year)s?)\b",
        "a window begins with 'within'",
        r"Write: within \g<n> before screening",
    ),
    _mistake(
        r"within (?:the )?(?P<at>last|past|previous) (?P<n>\d+ (?:day|week|month|year)s?)\b",
        "a window says from which day it counts back",
        r"Write: within \g<n> before screening",
    ),
    _mistake(
        r"within (?:the )?(last|past|previous)\b",
        "a window says from which day it counts back",
        "Write: within 6 months before screening",
    ),
    _mistake(
        r"within (?P<n>\d+ (?:day|week|month|year)s?)\s*(?P<at>$|,|\)|[<>=]|and\b|or\b)",
        "the window does not say before which day",
        r"Add the anchor: within \g<n> before screening",
    ),
    _mistake(r"(\bprior to\b)", "the language says 'before'", "Write: within 6 months before screening"),
    _mistake(
        r"\b(baseline|randomi[sz]ation|visit \w+)\b",
        "this is no anchor",
        "Anchors: consent, screening, enrolment, day 1, last dose, end of study.",
    ),
    _mistake(r"\bif\b[^,()]*?(,)(?!\s*then)", "a condition goes on with 'then'", "Write: if … then …"),
    _mistake(r"\bage\s*([<>=≤≥])", "an age is counted on a day", "Write: age at screening >= 50 years"),
    _mistake(r"\d\s*(ULN|LLN)\b", "a multiple of a limit is written with an x", "Write: 3 x ULN"),
    _mistake(r"(\b(?:ULN|LLN)\b)\s*(?:x|×|\*)\s*\d", "the factor comes first", "Write: 3 x ULN"),
    _mistake(
        r"\d\s*(\*|×(?=\w)|x(?=(?:ULN|LLN)\b))", "a multiple is written with an x between spaces", "Write: 3 x ULN"
    ),
    _mistake(
        r"\b(greater than|more than|less than|at most|no more than|above|below|over|under)\b",
        "a comparison is written with a sign",
        "Write > or >= or < or <=",
    ),
    _mistake(r"(!=|<>|==)", "this comparison is not known here", "Write > >= < <= or ="),
    _mistake(r"\b(yrs?|y\.?o\.?|wks?|mos?)\b", "units of time are written out", "Write: years, months, weeks or days"),
    _mistake(
        r"[“”„«»](?=\w)|(?<=\w)([“”])",
        "a question stands in straight double quotes",
        'Write: investigator confirms "…"',
    ),
    _mistake(r"'([^']+)'", "a question stands in double quotes", 'Write: investigator confirms "…"'),
    _mistake(
        r"\b(takes|taking|taken|received|receiving|used|uses|using|treated with)\b",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        "Write: took rituximab within 6 months before screening",
    ),
    _mistake(
        r"\b(has been|have|having|history of|suffers from|with a diagnosis of)\b",
        "a diagnosis is written with 'diagnosed' or 'had'",
        "Write: diagnosed malignancy within 5 years before screening",
    ),
    _mistake(
        r"\b((?:is )?pregnant)\b",
        "this is written as a condition",
        "Write: had pregnancy at screening",
    ),
    _mistake(
        r"^\s*((?:the )?(?:patient|subject|person|participant)s?)\b(?!\s+(?:confirm|judge|expect|decline|agree|report)s)",
        "a rule does not name the person: it is about one person anyway",
        "Begin with the verb: took rituximab within 6 months before screening",
    ),
    _mistake(
        r"(?:^|\(|\band |\bor )\s*(no|without)\b(?!.*\b(?:from|until|after)\b)",
        "an absence is written with 'not' or 'never' and a verb",
        "Write: not diagnosed …, did not have …, never took …",
    ),
)
"""Looked for in order where a rule cannot be read."""


def explain(text: str, error: UnexpectedInput, start: str, vocabulary: Vocabulary) -> GrammarError:
    """The complaint for a text that the grammar refused."""
    position, width = _place(text, error)
    mistake = known_mistake(text, position)
    if mistake is None and _expected(error) & {"IS", "GT"}:  # words of a clause were taken for the name of a test
        mistake = known_mistake(text, _clause(text, position)[0])
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
    quoted = [match.span() for match in re.finditer(r'"[^"]*"', text)]
    for mistake in MISTAKES:
        for match in mistake.pattern.finditer(text):
            group = (
                "at"
                if "at" in match.re.groupindex
                else next((n for n in range(1, (match.re.groups or 0) + 1) if match.start(n) >= 0), 0)
            )
            begin, end = match.span(group)
            inside = any(left < begin < right for left, right in quoted)
            if not inside and match.start() <= position + 1 and position - match.end() <= _REACH:
                return GrammarError(mistake.message, begin, max(1, end - begin), match.expand(mistake.hint))
    return None


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
