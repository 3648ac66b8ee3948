"""Mistakes that people make in rules, recognised by their look."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ALONE", "ELSEWHERE", "MISTAKES", "NOT_OURS", "Mistake"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that people make, recognised by its look.

    Args:
        pattern: Matched in the whole text; the first group is what is pointed at.
        message: What is wrong.
        hint: What to write; `\\g<n>` stands for the words of a group. The group `at` is pointed at. It is told where the
            sentence's own words make no rule.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str


def _mistake(pattern: str, message: str, hint: str) -> Mistake:
    return Mistake(re.compile(pattern, re.IGNORECASE), message, hint)


_ASK = 'Ask in words: investigator confirms "…"'
MISTAKES = (
    _mistake(
        r"\bage\s*(?P<at>[<>=≤≥]+)\s*(?P<n>\d+)\s*years?",
        "an age is counted on a day",
        r"Write here: age at screening \g<at> \g<n> years",
    ),
    _mistake(
        r"(?P<at>\b(?:is )?(?:breast-?feeding|lactating)\b)",
        "this is asked of the investigator",
        'Write here: investigator confirms "lactating"',
    ),
    _mistake(
        r"(?P<at>\bno (?:prior |known )?history of)\b",
        "an absence is written with 'not' or 'never' and a verb",
        _ASK,
    ),
    _mistake(
        r"\blast dose of\b.*?(?P<at>\b(?:less|more) than|\bwithin) (?P<n>\d+ \w+) before",
        "a last dose is 'at least' so long ago; what was taken since then is asked with 'took … within'",
        "Write here: at least",
    ),
    _mistake(
        r"\b(?:took|diagnosed|had)\b[^()]*?(?P<at>\bfor(?: at least| less than| more than)?) (?P<n>\d+ \w+)",
        "how long something lasted cannot be asked; when it happened can",
        _ASK,
    ),
    _mistake(
        r"\bdose of\b.*?(?P<at>\b(?:stable|constant|unchanged) for(?: at least)?) (?P<n>\d+ \w+)",
        "a stable dose is written with 'unchanged for'",
        r"Write here: unchanged for \g<n>",
    ),
    _mistake(
        r"within (?P<n>\d+ \w+) (?P<at>prior to|of(?= (?:the )?(?:consent|screening|enrol|day 1|first dose|last dose)))\b",
        "the language says 'before'",
        "Write here: before",
    ),
    _mistake(
        r"\b(?:took|diagnosed|had|underwent)\s+(?P<one>[\w -]+?)(?P<at>,| or) "
        r"(?!took|diagnosed|had|underwent|not|never|if|then|except|unless)(?P<two>[\w -]+?) within\b",
        "several names stand in brackets",
        r"Write here: [\g<one>, \g<two>] within",
    ),
    _mistake(r"\bat least \d+ of \([^;()]*?(?P<at>,)", "the entries are divided by semicolons", "Write here: ;"),
    _mistake(r"(?P<at>\bunless\b)", "an exception is written with 'except'", "Write here: except"),
    _mistake(
        r"[<>=≤≥]+\s*[\d.]+[^<>=≤≥]*?(?P<at>\bwithin) (?P<n>\d+ \w+) before",
        "the window stands before the sign",
        "Put the window behind the name of the test.",
    ),
    _mistake(
        r"(?P<n>\d+(?:\.\d+)?)\s*(?P<at>(?:[x×*]\s*)?10\s*[\^*]+\s*(?P<e>\d+)\s*/\s*(?P<u>\w+))",
        "a power of ten is a part of the unit",
        r"Write here: \g<n> 10*\g<e>/\g<u>",
    ),
    _mistake(
        r"(?:^|[(;]|\bif )\s*(?P<one>[\w-]+) (?P<at>and|or) (?P<two>[\w-]+) (?P<n>[<>=≤≥]+)",
        "each test has a comparison of its own",
        "Compare each of them.",
    ),
    _mistake(r"\blatest \[[^\],]*(?P<at>,)", "one test has one comparison", "Compare each of them."),
    _mistake(r"(?P<at>\bis)\s*(?P<n>[<>=≤≥]+)", "a sign needs no 'is'", r"Leave out 'is'."),
    _mistake(
        r"(?P<at>\bis) (?P<n>[IV]+|\d) or (?P<two>[IV]+|\d)\b",
        "a level is compared with a sign",
        "Write a comparison with >= and one with <=.",
    ),
    _mistake(
        r"if nothing (?:is )?recorded:\s*(?P<at>(?!no\b|unknown\b)\w+)",
        "this is no policy",
        "Write here: unknown, 'no, within coverage' or no",
    ),
    _mistake(
        r"\bno\b(?!.*\bfrom\b).*?(?P<at>\buntil\b)",
        "a promise says from which day it holds",
        "Say from which day, before 'until'.",
    ),
    _mistake(
        r"(?P<n>\d+)(?P<at>/)(?P<two>\d+)\s*mm",
        "a blood pressure is two tests",
        r"Write for example: latest systolic blood pressure > \g<n> mmHg or latest diastolic blood pressure > \g<two> mmHg",
    ),
    _mistake(
        r"(?P<at>\bexcept)\s+(?!\[|\(|diagnosed|had|took|on|latest|not|sex|age|[IE]\d)(?P<n>[^\[\](),]+)$",
        "the names that are left out stand in brackets",
        r"Write here: except [\g<n>]",
    ),
    _mistake(r"^\s*(?P<at>female|male)\s*$", "sex is asked with 'sex is'", r"Write: sex is \g<at>"),
    _mistake(
        r"\b(?:or|and)\b [^()]*?(?P<at>,\s*if nothing)",
        "one part of several has a policy",
        "Put that part with its policy into parentheses.",
    ),
    _mistake(
        r"\b(?:and)\b[^()]*?\s(or)\b|\b(?:or)\b[^()]*?\s(and)\b",
        "'and' and 'or' stand side by side, and it is not clear which comes first",
        "Put parentheses around what belongs together.",
    ),
    _mistake(
        r"\b(?P<at>in|during) (?:the )?(?:last |past |previous )?(?P<n>\d+ (?:day|week|month|year)s?)\b",
        "a window begins with 'within'",
        r"Write here: within \g<n> before screening",
    ),
    _mistake(
        r"within (?:the )?(?P<at>last|past|previous) (?P<n>\d+ (?:day|week|month|year)s?)\b",
        "a window says from which day it counts back",
        r"Write here: within \g<n> before screening",
    ),
    _mistake(
        r"(?:within|in) (?:the )?(?P<at>last|past|previous) (?P<unit>day|week|month|year)\b",
        "a window says from which day it counts back",
        r"Write here: within 1 \g<unit> before screening",
    ),
    _mistake(
        r"within (?P<n>\d+ (?:day|week|month|year)s?)\s*(?P<at>$|,|\)|[<>=]|and\b|or\b)",
        "the window does not say before which day",
        r"Add the anchor: within \g<n> before screening",
    ),
    _mistake(r"(\bprior to\b)", "the language says 'before'", "Write here: before"),
    _mistake(
        r"\b(baseline|randomi[sz]ation|visit \w+)\b",
        "this is no anchor",
        "Anchors: consent, screening, enrolment, day 1, last dose, end of study.",
    ),
    _mistake(r"\bif\b[^,()]*?(,)(?!\s*then)", "a condition goes on with 'then'", "Write here: then"),
    _mistake(r"\bage\s*([<>=≤≥])", "an age is counted on a day", "Write here: age at screening"),
    _mistake(r"\d\s*(ULN|LLN)\b", "a multiple of a limit is written with an x", "Write here: 3 x ULN"),
    _mistake(r"(\b(?:ULN|LLN)\b)\s*(?:x|×|\*)\s*\d", "the factor comes first", "Write here: 3 x ULN"),
    _mistake(
        r"\d\s*(\*|×(?=\w)|x(?=(?:ULN|LLN)\b))", "a multiple is written with an x between spaces", "Write here: 3 x ULN"
    ),
    _mistake(
        r"\b(?P<at>(?:less|more) than|up to|at most|no more than|[<>]=?) \d+ (?:day|week|month|year)s? (?:before|prior|ago)\b",
        "how long ago is written with 'within' or 'at least'",
        "Write here: within, or for longer ago: at least",
    ),
    _mistake(
        r"\b(?P<at>greater than|more than|less than|higher than|lower than|at most|no more than|above|below|over|under|"
        r"at least(?= \d[\d.]* ?(?:x|mg|g|kg|mm|ng|%|U|10)))\b",
        "a comparison is written with a sign",
        "Write here: > or >= or < or <=",
    ),
    _mistake(r"(!=|<>|==)", "this comparison is not known here", "Write here: > or >= or < or <= or ="),
    _mistake(
        r"\b(yrs?|y\.?o\.?|wks?|mos?)\b", "units of time are written out", "Write here: years, months, weeks or days"
    ),
    _mistake(
        r"[“”„«»](?=\w)|(?<=\w)([“”])",
        "a question stands in straight double quotes",
        'Write: investigator confirms "…"',
    ),
    _mistake(r"'([^']+)'", "a question stands in double quotes", 'Write: investigator confirms "…"'),
    _mistake(
        r"\b(takes|taking|taken|received|receiving|used|uses|using|treated with)\b",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        _ASK,
    ),
    _mistake(
        r"\b(has been|have|having|history of|suffers from|with a diagnosis of)\b",
        "a diagnosis is written with 'diagnosed' or 'had'",
        _ASK,
    ),
    _mistake(
        r"\b(?<!become )(?<!becoming )(?<!get )((?:is )?pregnant)\b",
        "this is written as a condition",
        "Write here: had pregnancy at screening",
    ),
    _mistake(
        r"^\s*((?:the )?(?:patient|subject|person|participant)s?)\b(?!\s+(?:confirm|judge|expect|decline|agree|report)s)",
        "a rule does not name the person: it is about one person anyway",
        "Leave these words out, and begin with the verb.",
    ),
    _mistake(
        r"(?:^|\(|\band |\bor )\s*(no|without)\b(?!.*\b(?:from|until|after)\b)",
        "an absence is written with 'not' or 'never' and a verb",
        _ASK,
    ),
)
"""Looked for in order where the reading stopped."""

_YEARS = r"(?:years?|months?)"
_LEVEL = r"(?:[0-5]|IV|V|I{1,3}|[A-C])"
ELSEWHERE = (
    _mistake(
        r"(?:before|prior to|after|of|since) (?:the )?(?P<at>baseline|randomi[sz]ation|visit \w+)\b",
        "this is no anchor",
        "Anchors: consent, screening, enrolment, day 1, last dose, end of study.",
    ),
    _mistake(
        rf"(?P<at>\baged?\b)(?! at\b)|(?P<old>\d+ {_YEARS} (?:of age|old)\b)|\b(?P<adult>\d+ {_YEARS} or older)",
        "an age is counted on a day",
        "Write here: age at screening",
    ),
    _mistake(
        r"(?P<at>\b(?:stable|constant|unchanged)(?: daily)? dos(?:e|es|age)\b|^stable\b)",
        "a stable dose is written with 'unchanged for'",
        "Begin with 'dose of', then the drug, then 'unchanged for' and how long.",
    ),
    _mistake(
        r"(?P<at>\b(?:upper|lower) limits? of (?:the )?normal\b)",
        "a limit of normal is written ULN or LLN, with a number and an x before it",
        "Write here: ULN or LLN",
    ),
    _mistake(r"\d\s*(?P<at>times|fold|-fold)\b", "a multiple is written with an x between spaces", "Write here: x"),
    _mistake(
        rf"\b(?:ECOG|NYHA|Child-Pugh|WHO|CCS|Killip|class|status|PS|grade|stage|scale)(?: of| is|:)? "
        rf"(?P<at>{_LEVEL}\s*(?:,|or|to|and|[-–/])\s*{_LEVEL}\b|{_LEVEL}(?: or \w+)?$)",
        "a level is compared with a sign",
        "Write a comparison with >= and one with <=.",
    ),
    _mistake(
        r"\d[^<>=]*?(?P<at>,? (?:or|and) (?:more|greater|higher|above|less|lower|fewer|below))\b",
        "a comparison is written with a sign",
        "Write > or >= or < or <= before the number.",
    ),
    _mistake(
        r"(?P<at>\d[\d.]*\s*(?:to|-|–)\s*\d[\d.]*)(?= ?[A-Za-z%])",
        "a range is written with 'between … and …'",
        "Write the two numbers as: between … and …",
    ),
    _mistake(r"(?P<at>\bdays? 1\b|\bday one\b)(?<!day 1)", "this is no anchor", "Write here: day 1"),
    _mistake(
        r"\bwithin (?P<at>(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve))\b",
        "a number is written in digits",
        "Write here: a number such as 6",
    ),
    _mistake(
        r"(?P<at>\ballerg(?:y|ies|ic reactions?) to\b|\bhypersensitivity to\b)",
        "an allergy is written with 'allergic to'",
        _ASK,
    ),
    _mistake(
        r"(?P<at>\bhospitali[sz]ations?\b|\bhospital admissions?\b|\badmitted to hospital\b)",
        "a hospital stay is written with 'hospitalised'",
        _ASK,
    ),
    _mistake(
        r"(?P<at>\b(?:vaccination|immuni[sz]ation|immuni[sz]ed) with\b)",
        "a vaccine is written with 'vaccinated with'",
        _ASK,
    ),
    _mistake(
        r"(?:^|\b(?:prior|previous|current|concomitant) |\bno |\bnot )"
        r"(?P<at>(?:current |concomitant )?(?:use|exposure|treatment|therapy|administration|treated|exposed) "
        r"?(?:of|to|with)\b|receiving)",
        "a drug that was taken is written with 'took', one that is being taken with 'on … at'",
        _ASK,
    ),
    _mistake(
        r"(?P<at>\b(?:positive|negative)\b)(?<! is positive)(?<! is negative)",
        "a result is written with 'is positive' or 'is negative' behind the name of the test",
        _ASK,
    ),
    _mistake(
        r"(?P<at>\bother than\b|\bexcluding\b|\bapart from\b|\bwith the exception of\b)",
        "an exception is written with 'except'",
        "Write here: except",
    ),
    _mistake(
        r"^\s*(?P<at>(?:females?|women|woman|males?|men|man)(?: patients?| subjects?)?(?: only)?)\s*$",
        "sex is asked with 'sex is'",
        "Begin with 'sex is'.",
    ),
    _mistake(
        r"^(?P<at>on) (?!.*\bat\b)[\w -]+$",
        "a drug that is being taken is asked for a day: 'on … at'",
        "Add the day: at screening",
    ),
    _mistake(
        r"[<>]=?[^<>=]*?(?P<at>\bat (?:screening|consent|enrolment|day 1))",
        "the window stands before the sign",
        "Put the window behind the name of the test.",
    ),
    _mistake(
        r"(?P<at>\bmg (?:daily|per day|a day))\b",
        "an amount a day is written with 'daily dose of'",
        "Begin with 'daily dose of', then the drug, then the comparison.",
    ),
    _mistake(
        r"^\s*(?P<at>(?:the )?investigator)s?\b(?=.*\bthat\b)",
        "the words that are asked stand in double quotes",
        _ASK,
    ),
)
"""Looked for in the whole text where none stands at that place: none of them is ever a part of a rule."""

ALONE = _mistake(
    r"^\s*(?P<at>[^\s\"<>=;:()\[\]](?:[^\"<>=;:()\[\]]*[^\s\"<>=;:()\[\]])?)\s*$",
    "a name alone is no rule",
    _ASK,
)
"""Where the whole text is one name that is known."""

NOT_OURS = "this is not said in the words of the language"
"""Where nothing of a text is said as the language says it."""
