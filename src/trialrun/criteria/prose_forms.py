"""How prose says what rules say: the forms of clauses about a person, and the words for their names, as patterns.

The prose is first turned into the signs and windows of the language (`plain_words`); these patterns are for what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trialrun.criteria.plain_words import ANCHOR, LENGTH, WINDOW
from trialrun.vocabulary.concepts import Domain

DOMAINS = (
    Domain.CONDITION,
    Domain.PROCEDURE,
    Domain.IMMUNISATION,
    Domain.DRUG,
    Domain.OBSERVATION,
    Domain.MEASUREMENT,
)
ADVERBS = (
    r"(?:(?:a|an|any|the|known|documented|confirmed|prior|previous|previously|past|personal|medical|clinical|ever) )*"
)
HAS = r"(?:(?:has|have|had|having|with|has been|have been|had been|been|is|are|was|were) )*"
VERBS: tuple[tuple[str, str], ...] = (
    ("allergic", rf"{HAS}{ADVERBS}(?:history of )?(?:allerg(?:y|ies)|allergic(?: reactions?)?|hypersensitivity) to"),
    ("underwent", rf"{HAS}{ADVERBS}(?:underwent|undergone)"),
    ("on", rf"{HAS}(?:currently|concurrently|current|concurrent|concomitant|ongoing) "
           r"(?:taking|on|receiving|using|use of|treatment with|therapy with|treated with|administration of)"),
    ("taking", rf"{HAS}(?:takes|taking|uses|using|receives|receiving|on)"),
    ("took", rf"{HAS}{ADVERBS}(?:use of|used|exposure to|exposed to|treatment with|treated with|therapy with|received|"
             r"receipt of|taken|took|given|administration of|administered)"),
    ("vaccinated", rf"{HAS}{ADVERBS}(?:vaccinated with|vaccination with|immuni[sz]ation with|immuni[sz]ed with)"),
    ("diagnosed", rf"{HAS}{ADVERBS}(?:history of|diagnosis of|diagnosed with|diagnosed|suffers from|suffering from)"),
    ("has", rf"{HAS}{ADVERBS}"),
)  # fmt: skip
LEADS = tuple(
    (kind, re.compile(rf"(?:{pattern})(?<! )(?:\s+|$)|(?:{pattern})", re.IGNORECASE)) for kind, pattern in VERBS
)
NO = re.compile(
    r"(?:no|not|never|without|is not|are not|was not|does not have|do not have|did not have|has not|have not|has never|have never|"
    r"never had|absence of)(?: (?:a|any))?\s+",
    re.IGNORECASE,
)
BUT = re.compile(
    r",?\s+(?:except(?: for)?|other than|excluding|with the exception of|apart from|but not)\s+(?=\S)", re.IGNORECASE
)
WRITTEN = {
    "diagnosed": ("diagnosed", "not diagnosed"),
    "took": ("took", "did not take"),
    "on": ("on", "not on"),
    "underwent": ("underwent", "did not undergo"),
    "vaccinated": ("vaccinated with", "not vaccinated with"),
    "allergic": ("allergic to", "not allergic to"),
}
FITS = {
    "diagnosed": (Domain.CONDITION, Domain.OBSERVATION),
    "took": (Domain.DRUG,),
    "on": (Domain.DRUG,),
    "underwent": (Domain.PROCEDURE,),
    "vaccinated": (Domain.IMMUNISATION,),
    "allergic": (Domain.ALLERGY, Domain.DRUG),
}
KIND_OF = {
    Domain.CONDITION: "diagnosed",
    Domain.OBSERVATION: "diagnosed",
    Domain.DRUG: "took",
    Domain.PROCEDURE: "underwent",
    Domain.IMMUNISATION: "vaccinated",
}
NUMBER = r"\d+(?:\.\d+)?"
VALUE = re.compile(
    r"(?P<pick>(?:latest|first|lowest|highest|any|every) )?(?P<name>[A-Za-z\[][^<>=]*?) (?P<sign>>=|<=|>|<|=) (?P<limit>(?:(?! and | or (?!more|greater|higher|less|lower))[^<>=])+)",
    re.I,
)
TESTS_IN_BRACKETS = re.compile(
    r"(?P<pick>latest|first|lowest|highest) \[(?P<names>[^\],]+(?:, ?[^\],]+)+)\] (?P<rest>.+)", re.IGNORECASE
)
RANGE = re.compile(
    rf"(?P<name>[A-Za-z][^<>=]*?)(?: of| is)?(?: between| from)? (?P<low>{NUMBER}) ?(?P<unit0>[^\d\s]\S*)?\s*(?:to|and|-)\s*(?P<high>{NUMBER})(?: (?P<unit>\S+))?(?P<window> .+)?", re.I
)  # fmt: skip
LEVEL = r"(?:[0-5][ab]?|VI|IV|V|I{1,3}|A[1-3]|[A-C])"
LEVELS = re.compile(
    rf"(?:latest )?(?P<name>[A-Za-z].*?)(?: is| of|:| =)?(?: between)? "
    rf"(?P<levels>{LEVEL}(?:\s*(?:,? or|,? and|to|[-/,])\s*{LEVEL})+)(?P<window> {WINDOW})?"
)
LEVEL_ON = re.compile(
    rf"(?:latest )?(?P<name>[A-Za-z].*?)(?: is| of|:| =)? (?P<level>{LEVEL})(?: or (?P<way>higher|greater|more|above|worse|lower|less|below|better))?(?P<window> {WINDOW})?",
)
FOUND = (
    re.compile(
        r"(?P<pick>latest |any )?(?P<name>\S.*?)(?: is| was| are)? (?P<finding>positive|negative)(?: serology| test)?",
        re.I,
    ),
    re.compile(
        r"(?:tested |tests |is )?(?P<finding>positive|negative)(?: test| serology)?(?: for)? (?P<name>\S.*?)", re.I
    ),
)
YEARS = r"(?P<unit>years?|months?)"
AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:adults? )?(?:aged?|age)(?: is| of| range)?(?: between| from)? (?P<low>\d+)(?: years?)?\s*(?:to|-|and)\s*(?P<high>\d+)(?: {YEARS})?(?: of age| old)?(?:,? inclusive|,? \(inclusive\))?(?P<day> at {ANCHOR})?",
        rf"(?:adults? )?(?:aged )?(?:between |from )?(?P<low>\d+)(?: years?)?\s*(?:to|-|and)\s*(?P<high>\d+) {YEARS} (?:of age|old)(?P<day> at {ANCHOR})?",
        rf"(?:aged?|age)(?: is| of)? (?P<sign>>=|<=|>|<|=) (?P<low>\d+)(?: {YEARS})?(?: of age| old)?(?P<day> at {ANCHOR})?",
        rf"(?:is )?(?P<sign>>=|<=|>|<) (?P<low>\d+) {YEARS} (?:of age|old|in age)(?P<day> at {ANCHOR})?",
        rf"(?:aged?|age)?(?: is| of)?\s*(?P<low>\d+)(?: {YEARS})?(?: of age| old)? (?:or|and) (?P<way>older|over|above|more|younger|under|below)(?P<day> at {ANCHOR})?",
    )
)
ASKED_OF_INVESTIGATOR = re.compile(
    r"(?:is |are |was |were )?(?:currently )?(?:lactating|lactation|breast[- ]?feeding|nursing)(?: (?:women|woman|mothers?))?(?: at screening)?",
    re.I,
)
PREGNANT = re.compile(
    r"(?:is |are |was |were )?(?:currently )?(?:pregnant|pregnancy)(?: (?:women|woman))?(?P<window> at screening)?",
    re.I,
)
HOSPITAL = re.compile(
    rf"(?:any |prior |was |has been )?(?:hospitali[sz]ations?|hospitali[sz]ed|hospital admissions?|admitted to hospital)(?P<window> {WINDOW})",
    re.I,
)
SEX = re.compile(
    r"(?:is )?(?:a )?(?P<sex>females?|women|woman|males?|men|man)(?: (?:patients?|subjects?|participants?))?(?: only)?|(?:sex|gender)(?: is|:|=)? (?P<sex2>female|male|woman|man)",
    re.I,
)
STABLE = (
    re.compile(rf"(?:on |taking |receiving )?(?:a )?(?:stable|constant|unchanged)(?: daily)? (?:dose|doses|dosage) of (?P<name>.+?) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
    re.compile(rf"(?:on |taking |receiving )?(?:a )?dose of (?P<name>.+?) (?:is |was |has been )?(?:stable|constant|unchanged) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
    re.compile(rf"(?:on |taking |receiving )?(?P<name>.+?) (?:at|on|in) (?:a )?(?:stable|constant|unchanged) (?:dose|doses|dosage) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
    re.compile(rf"(?:on |taking |receiving )?stable (?P<name>.+?) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
)  # fmt: skip
DOSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:a |the )?(?:dose of )?(?P<name>[A-Za-z][\w -]*?)(?: at a dose| dose| dosage)? (?P<sign>>=|<=|>|<) (?P<amount>{NUMBER} ?m?g) ?(?:daily|per day|a day|/ ?d(?:ay)?)",
        rf"daily (?:dose of )?(?P<name>[A-Za-z][\w -]*?)(?: dose)? (?P<sign>>=|<=|>|<) (?P<amount>{NUMBER} ?m?g)",
    )
)
LAST = re.compile(
    rf"last dose of (?P<name>.+?) (?P<way>within|at least|less than|more than) (?P<length>{LENGTH}) before (?P<anchor>{ANCHOR})",
    re.I,
)
LASTED = re.compile(
    rf"(?P<verb>took|diagnosed|had|taking|on) (?P<name>.+?) for(?: (?P<way>at least|more than|less than|>=|>|<))? (?P<length>{LENGTH})",
    re.I,
)
PRESSURE = re.compile(
    r"(?:latest )?(?:systolic/diastolic )?(?:blood pressure|BP) (?P<sign>>=|<=|>|<) (?P<high>\d+)\s*/\s*(?P<low>\d+)(?: ?mm ?Hg)?",
    re.I,
)
DURATION_OF = re.compile(r"\bfor (?:at least |>= |more than |> |less than |< )?\d")


def window_apart(words: str) -> tuple[str, str]:
    """The words without their window, and the window."""
    if found := re.fullmatch(rf"(?P<rest>.+?),?\s+(?P<window>{WINDOW})(?P<but>{BUT.pattern}.+)", words, re.IGNORECASE):
        return found["rest"] + found["but"], found["window"]
    if found := re.fullmatch(rf"(?P<rest>.+?),?\s+(?P<window>{WINDOW})", words, re.IGNORECASE):
        return found["rest"], found["window"]
    if found := re.fullmatch(rf"(?P<window>{WINDOW}),?\s+(?P<rest>.+)", words, re.IGNORECASE):
        return found["rest"], found["window"]
    return words, ""


def listed(words: str) -> Iterator[str]:
    """The names of a list: `A, B or C`."""
    for name in re.split(r",\s*(?:and/or|or)\s+|\s+(?:and/or|or)\s+|,\s+", words, flags=re.IGNORECASE):
        yield plain(name)


def plain(name: str) -> str:
    """A name without its article."""
    return re.sub(r"^(?:a|an|any|the|other)\s+", "", name.strip(), flags=re.IGNORECASE)


def bare_test(name: str) -> str:
    """A test without its article, and without words that say nothing of it."""
    return re.sub(r"^(?:latest|a|an|the|serum)\s+|\s+(?:level|value)s?$", "", name.strip(" ,"), flags=re.IGNORECASE)


def scale_name(name: str) -> str:
    """A scale without the small words around it."""
    return re.sub(r"^(?:an?|the)\s+|\s+(?:of|is|=)$", "", name.strip(), flags=re.IGNORECASE)


def divisions(words: str) -> Iterator[tuple[list[str], str]]:
    """The parts of a sentence joined by `and` alone, or by `or` alone."""
    for word, other in (("and", "or"), ("or", "and")):
        parts = re.split(rf",?\s+{word}\s+", words, flags=re.IGNORECASE)
        if len(parts) > 1 and not any(re.search(rf"\s{other}\s", part, re.I) for part in parts):
            yield parts, word


def exclude_each_other(rules: list[str]) -> bool:
    """Whether nobody is both: `younger than 18 and older than 70` means one or the other."""
    if sum(rule.startswith("sex is ") for rule in rules) > 1:
        return True
    limits = [re.match(rf"(?P<value>.+?) (?P<sign>>|<)=? (?P<limit>{NUMBER})", rule) for rule in rules]
    return any(
        one["value"].casefold() == other["value"].casefold() and one["sign"] == "<" and other["sign"] == ">"
        and float(one["limit"]) <= float(other["limit"])
        for one in limits for other in limits if one and other
    )  # fmt: skip


def age(found: dict[str, str | None]) -> str:
    """The rule of an age that a pattern of `AGES` found."""
    low, high, unit = found["low"], found.get("high"), found.get("unit") or "years"
    day = (found.get("day") or " at screening").strip()
    if high:
        return f"age {day} between {low} and {high} {unit}"
    sign = found.get("sign") or ("<=" if found.get("way") in ("younger", "under", "below") else ">=")
    return f"age {day} {sign} {low} {unit}"


_REPAIRS = (
    (re.compile(r",?\s*\bunless\b", re.IGNORECASE), " except"),
    (re.compile(r"^(if [^,]+), (?!then\b)", re.IGNORECASE), r"\1 then "),
    (re.compile(r"^(.*\b(?:or|and) )([^()]*, if nothing (?:is )?recorded: .+)$", re.IGNORECASE), r"\1(\2)"),
)


def repaired(words: str) -> Iterator[str]:
    """The words with one slip of joining mended."""
    for pattern, instead in _REPAIRS:
        yield pattern.sub(instead, words)
    if found := re.fullmatch(r"(at least \d+ of \()([^()]*)(\))", words, re.IGNORECASE):
        yield found[1] + found[2].replace(",", ";") + found[3]
