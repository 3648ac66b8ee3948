"""Words of protocols turned into words of the language, one for one: signs, windows, anchors, limits, numbers.

Only what means the same is replaced. A day that the language does not know, such as the randomisation, stays as it is, so
that nothing can be offered for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["ANCHOR", "LENGTH", "WINDOW", "in_language_words", "outside_questions"]

_UNITS = r"(?:day|week|month|year)s?"
ANCHOR = r"(?:consent|screening|enroll?ment|day 1|first dose|last dose|end of study|study end)"
LENGTH = rf"\d+ {_UNITS}"
WINDOW = (
    rf"(?:(?:within|at least) {LENGTH} before {ANCHOR}|between {LENGTH} and {LENGTH} before {ANCHOR}|at {ANCHOR})(?!\w)"
)
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_DRUG = r"(?:the )?(?:study|investigational|trial) (?:drug|treatment|medication|product|medicine|agent|intervention)s?"
_BEFORE = r"(?:before|prior to|preceding|previous to|ahead of)(?: the)?"
_OVER = r"(?:greater|higher|more|larger|older) than|exceed(?:s|ing)|above|over"
_UNDER = r"(?:less|lower|fewer|younger|smaller) than|below|under"
_OR_EQUAL = r"(?:,? or)? equal(?:s)? to"
_NOT_A_TIME = rf"(?=\s*\d)(?!\s*{LENGTH} (?:before|ago)\b)(?!\s*\d+ of \()"


def _steps(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), words) for pattern, words in pairs)


_BEGINNING = _steps(
    (r"^[\s*•·–-]+(?=[A-Za-z])", ""),
    (
        r"^(?:the )?(?:patient|subject|participant|person)s?(?! (?:confirm|report|agree|decline|expect|judge)s?\b)"
        r"(?: (?:who|that|must|should|has to|have to|with(?= (?:a )?(?:known |documented )?(?:history|diagnosis)))\b)* ",
        "",
    ),
    (r"^the investigator\b", "investigator"),
)
_CLEAN = _steps(
    (r"≥|=>|> =", ">="),
    (r"≤|=<|< =", "<="),
    (r"[–—−]", "-"),
)
_NUMBERS = _steps(
    *((rf"\b{word}(?= (?:\(\d+\) )?{_UNITS}\b)", str(number)) for number, word in enumerate(_WORDS, 1)),
    (r"\b(?P<which>last|past|previous|preceding) (?=(?:day|week|month|year)\b)", r"\g<which> 1 "),
    (r"(?<=\d) \(\d+\)(?= (?:day|week|month|year))", ""),
    (r"(?<=\d)\s*-?\s*(?:yrs?|y\.?o\.?)\b\.?", " years"),
    (r"(?<=\d)\s*(?:wks?)\b\.?", " weeks"),
    (r"(?<=\d)\s*(?:mos?|mths?)\b\.?", " months"),
    (r"(?<=\d)-(?=(?:day|week|month|year)s?\b)", " "),
    (r"(?<=\d)(?=(?:day|week|month|year)s?\b)", " "),
)
_ANCHORS = _steps(
    (rf"\b(?:the )?(?:first|initial) (?:dose|administration|intake|injection|infusion)(?: of {_DRUG})?(?!\w| of)", "first dose"),
    (rf"\b(?:the )?last (?:dose|administration) of {_DRUG}", "last dose"),
    (r"\b(?:the )?screening visit\b", "screening"),
    (r"\b(?:(?:the )?(?:signing|signature) (?:of )?)?(?:the )?(?:written )?informed consent\b", "consent"),
    (r"\b(?:the )?(enroll?ment)(?: in(?:to)? (?:the|this) (?:study|trial))?\b", r"\1"),
    (r"\bstudy day 1\b|\bday one\b", "day 1"),
)  # fmt: skip
_WINDOWS = _steps(
    (rf"\b({LENGTH}) (before|prior)\s*$", r"\1 before screening"),
    (rf"\b{_BEFORE} (?={ANCHOR}\b)", "before "),
    (
        rf"\b(?:within|in|during|over) (?:the )?(?:last |past |previous |preceding |prior )?({LENGTH}) before (?={ANCHOR}\b)",
        r"within \1 before ",
    ),
    (rf"\bwithin (?:the )?({LENGTH}) of (?=(?:{ANCHOR})\b)", r"within \1 before "),
    (rf"\b(?:within|in|during|over) (?:the )?(?:last|past|previous|preceding|prior) ({LENGTH})\b(?! before)", r"within \1 before screening"),
    (rf"\bwithin ({LENGTH})(?=\s*(?:$|,|\)|[<>=]|and\b|or\b))", r"within \1 before screening"),
    (rf"(?<!for )(?<!for at )(?:\b(?:less than|no more than|not more than|up to|at most|under)|<=?)\s*({LENGTH}) before (?={ANCHOR}\b)", r"within \1 before "),
    (rf"(?<!for )(?:\b(?:less than|no more than|not more than|up to|at most|under)|<=?)\s*({LENGTH}) (?:ago|earlier)\b", r"within \1 before screening"),
    (rf"(?<!for )(?:\b(?:more than|longer than|at least|over)|>=?)\s*({LENGTH}) before (?={ANCHOR}\b)", r"at least \1 before "),
    (rf"(?<!for )(?:\b(?:more than|longer than|at least|over)|>=?)\s*({LENGTH}) (?:ago|earlier)\b", r"at least \1 before screening"),
    (rf"(?<!between )(?<!and )(?<!within )(?<!least )(?<!for )\b({LENGTH}) or (?:more|longer|earlier) before (?={ANCHOR}\b)", r"at least \1 before "),
)  # fmt: skip
_SIGNS = _steps(
    (rf"\b(?:is |are |was )?(?:{_OVER}){_OR_EQUAL}\b{_NOT_A_TIME}", ">="),
    (rf"\b(?:is |are |was )?(?:{_UNDER}){_OR_EQUAL}\b{_NOT_A_TIME}", "<="),
    (
        rf"(?<!for )\b(?:is |are |was |of )?(?:at least|no less than|not less than|a minimum of){_NOT_A_TIME}",
        ">=",
    ),
    (
        rf"(?<!for )\b(?:is |are |was |of )?(?:at most|no more than|not more than|not exceeding|up to|a maximum of){_NOT_A_TIME}",
        "<=",
    ),
    (rf"(?<!for )\b(?:is |are |was |of )?(?:{_OVER})\b{_NOT_A_TIME}", ">"),
    (rf"(?<!for )\b(?:is |are |was |of )?(?:{_UNDER})\b{_NOT_A_TIME}", "<"),
    (r"\b(?:is|are|was|of)\s*(?=[<>]=?)", ""),
    (r"\s*(>=|<=|(?<![<>])=|>(?!=)|<(?!=))\s*", r" \1 "),
)
_LIMITS = _steps(
    (r"\b(?:the )?(?:institutional |local |laboratory )?upper limits? of (?:the )?normal(?: range)?\b(?: \(ULN\))?", "ULN"),
    (r"\b(?:the )?(?:institutional |local |laboratory )?lower limits? of (?:the )?normal(?: range)?\b(?: \(LLN\))?", "LLN"),
    (r"\bthe (ULN|LLN)\b", r"\1"),
    (r"(?<=\d)\s*(?:[x×*]|times|fold|-fold)?\s*(?:the )?(?=(?:ULN|LLN)\b)", " x "),
    (r"\b(ULN|LLN)\s*[x×*]\s*(\d+(?:\.\d+)?)", r"\2 x \1"),
    (r"\b(?:is )?(?:above|over|greater than|higher than|exceeds) (?=(?:ULN|LLN)\b)", "> "),
    (r"\b(?:is )?(?:below|under|less than|lower than) (?=(?:ULN|LLN)\b)", "< "),
    (r"([<>]=?)\s*(?=(?:ULN|LLN)\b)", r"\1 1 x "),
    (r"(?<=\d)\s*(?:[x×*]\s*)?10\s*(?:[\^*]+\s*)(\d+)\s*/\s*(\w+)", r" 10*\1/\2"),
)  # fmt: skip


def in_language_words(text: str) -> str:
    """The text with what means the same replaced; questions in double quotes are left alone."""
    text = text.strip().rstrip(".;")
    for pattern, words in _BEGINNING:
        text = pattern.sub(words, text)
    return " ".join(outside_questions(text, _replaced).split())


def outside_questions(text: str, change: Callable[[str], str]) -> str:
    """The text, changed outside of its double quotes."""
    return "".join(part if number % 2 else change(part) for number, part in enumerate(re.split(r'("[^"]*")', text)))


def _replaced(text: str) -> str:
    for step in (_CLEAN, _NUMBERS, _ANCHORS, _WINDOWS, _LIMITS, _SIGNS):
        for pattern, words in step:
            text = pattern.sub(words, text)
    return text
