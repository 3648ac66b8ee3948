"""What somebody probably meant by a sentence that is no rule: rules made of the sentence's own words.

Nothing is offered that cannot be read as a rule, and nothing where a word of the sentence would be lost. Where a sentence can
be read in two ways, both are offered, and each says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria.formulas import find_formula
from trialrun.criteria.plain_words import ANCHOR, LENGTH, WINDOW, in_language_words
from trialrun.vocabulary.concepts import Concept, Domain, Scale
from trialrun.vocabulary.routes import route_named

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary

__all__ = ["Offer", "filled", "offered", "offers"]

_ASK = 'investigator confirms "…"'
_MOST_CLAUSES = 8
_DOMAINS = (
    Domain.CONDITION,
    Domain.PROCEDURE,
    Domain.IMMUNISATION,
    Domain.DRUG,
    Domain.OBSERVATION,
    Domain.MEASUREMENT,
)
_ADVERBS = (
    r"(?:(?:a|an|any|the|known|documented|confirmed|prior|previous|previously|past|personal|medical|clinical|ever) )*"
)
_HAS = r"(?:(?:has|have|had|having|with|has been|have been|had been|been|is|are|was|were) )*"
_VERBS: tuple[tuple[str, str], ...] = (
    ("allergic", rf"{_HAS}{_ADVERBS}(?:history of )?(?:allerg(?:y|ies)|allergic(?: reactions?)?|hypersensitivity) to"),
    ("underwent", rf"{_HAS}{_ADVERBS}(?:underwent|undergone)"),
    ("on", rf"{_HAS}(?:currently|concurrently|current|concurrent|concomitant|ongoing) "
           r"(?:taking|on|receiving|using|use of|treatment with|therapy with|treated with|administration of)"),
    ("taking", rf"{_HAS}(?:takes|taking|uses|using|receives|receiving|on)"),
    ("took", rf"{_HAS}{_ADVERBS}(?:use of|used|exposure to|exposed to|treatment with|treated with|therapy with|received|"
             r"receipt of|taken|took|given|administration of|administered)"),
    ("vaccinated", rf"{_HAS}{_ADVERBS}(?:vaccinated with|vaccination with|immuni[sz]ation with|immuni[sz]ed with)"),
    ("diagnosed", rf"{_HAS}{_ADVERBS}(?:history of|diagnosis of|diagnosed with|diagnosed|suffers from|suffering from)"),
    ("has", rf"{_HAS}{_ADVERBS}"),
)  # fmt: skip
_LEADS = tuple(
    (kind, re.compile(rf"(?:{pattern})(?<! )(?:\s+|$)|(?:{pattern})", re.IGNORECASE)) for kind, pattern in _VERBS
)
_NO = re.compile(
    r"(?:no|not|never|without|is not|are not|was not|does not have|do not have|did not have|has not|have not|has never|have never|"
    r"never had|absence of)(?: (?:a|any))?\s+",
    re.IGNORECASE,
)
_BUT = re.compile(
    r",?\s+(?:except(?: for)?|other than|excluding|with the exception of|apart from|but not)\s+(?=\S)", re.IGNORECASE
)
_WRITTEN = {
    "diagnosed": ("diagnosed", "not diagnosed"),
    "took": ("took", "did not take"),
    "on": ("on", "not on"),
    "underwent": ("underwent", "did not undergo"),
    "vaccinated": ("vaccinated with", "not vaccinated with"),
    "allergic": ("allergic to", "not allergic to"),
}
_FITS = {
    "diagnosed": (Domain.CONDITION, Domain.OBSERVATION),
    "took": (Domain.DRUG,),
    "on": (Domain.DRUG,),
    "underwent": (Domain.PROCEDURE,),
    "vaccinated": (Domain.IMMUNISATION,),
    "allergic": (Domain.ALLERGY, Domain.DRUG),
}
_KIND_OF = {
    Domain.CONDITION: "diagnosed",
    Domain.OBSERVATION: "diagnosed",
    Domain.DRUG: "took",
    Domain.PROCEDURE: "underwent",
    Domain.IMMUNISATION: "vaccinated",
}
_NUMBER = r"\d+(?:\.\d+)?"
_VALUE = re.compile(
    r"(?P<pick>(?:latest|first|lowest|highest|any|every) )?(?P<name>[A-Za-z\[][^<>=]*?) (?P<sign>>=|<=|>|<|=) (?P<limit>(?:(?! and | or (?!more|greater|higher|less|lower))[^<>=])+)",
    re.I,
)
_TESTS_IN_BRACKETS = re.compile(
    r"(?P<pick>latest|first|lowest|highest) \[(?P<names>[^\],]+(?:, ?[^\],]+)+)\] (?P<rest>.+)", re.IGNORECASE
)
_RANGE = re.compile(
    rf"(?P<name>[A-Za-z][^<>=]*?)(?: of| is)?(?: between| from)? (?P<low>{_NUMBER}) ?(?P<unit0>[^\d\s]\S*)?\s*(?:to|and|-)\s*(?P<high>{_NUMBER})(?: (?P<unit>\S+))?(?P<window> .+)?", re.I
)  # fmt: skip
_LEVEL = r"(?:[0-5][ab]?|VI|IV|V|I{1,3}|A[1-3]|[A-C])"
_LEVELS = re.compile(
    rf"(?:latest )?(?P<name>[A-Za-z].*?)(?: is| of|:| =)?(?: between)? "
    rf"(?P<levels>{_LEVEL}(?:\s*(?:,? or|,? and|to|[-/,])\s*{_LEVEL})+)(?P<window> {WINDOW})?"
)
_LEVEL_ON = re.compile(
    rf"(?:latest )?(?P<name>[A-Za-z].*?)(?: is| of|:| =)? (?P<level>{_LEVEL})(?: or (?P<way>higher|greater|more|above|worse|lower|less|below|better))?(?P<window> {WINDOW})?",
)
_FOUND = (
    re.compile(
        r"(?P<pick>latest |any )?(?P<name>\S.*?)(?: is| was| are)? (?P<finding>positive|negative)(?: serology| test)?",
        re.I,
    ),
    re.compile(
        r"(?:tested |tests |is )?(?P<finding>positive|negative)(?: test| serology)?(?: for)? (?P<name>\S.*?)", re.I
    ),
)
_YEARS = r"(?P<unit>years?|months?)"
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:adults? )?(?:aged?|age)(?: is| of| range)?(?: between| from)? (?P<low>\d+)(?: years?)?\s*(?:to|-|and)\s*(?P<high>\d+)(?: {_YEARS})?(?: of age| old)?(?:,? inclusive|,? \(inclusive\))?(?P<day> at {ANCHOR})?",
        rf"(?:adults? )?(?:aged )?(?:between |from )?(?P<low>\d+)(?: years?)?\s*(?:to|-|and)\s*(?P<high>\d+) {_YEARS} (?:of age|old)(?P<day> at {ANCHOR})?",
        rf"(?:aged?|age)(?: is| of)? (?P<sign>>=|<=|>|<|=) (?P<low>\d+)(?: {_YEARS})?(?: of age| old)?(?P<day> at {ANCHOR})?",
        rf"(?:is )?(?P<sign>>=|<=|>|<) (?P<low>\d+) {_YEARS} (?:of age|old|in age)(?P<day> at {ANCHOR})?",
        rf"(?:aged?|age)?(?: is| of)?\s*(?P<low>\d+)(?: {_YEARS})?(?: of age| old)? (?:or|and) (?P<way>older|over|above|more|younger|under|below)(?P<day> at {ANCHOR})?",
    )
)
_ASKED_OF_INVESTIGATOR = re.compile(
    r"(?:is |are |was |were )?(?:currently )?(?:lactating|lactation|breast[- ]?feeding|nursing)(?: (?:women|woman|mothers?))?(?: at screening)?",
    re.I,
)
_PREGNANT = re.compile(
    r"(?:is |are |was |were )?(?:currently )?(?:pregnant|pregnancy)(?: (?:women|woman))?(?P<window> at screening)?",
    re.I,
)
_HOSPITAL = re.compile(
    rf"(?:any |prior |was |has been )?(?:hospitali[sz]ations?|hospitali[sz]ed|hospital admissions?|admitted to hospital)(?P<window> {WINDOW})",
    re.I,
)
_SEX = re.compile(
    r"(?:is )?(?:a )?(?P<sex>females?|women|woman|males?|men|man)(?: (?:patients?|subjects?|participants?))?(?: only)?|(?:sex|gender)(?: is|:|=)? (?P<sex2>female|male|woman|man)",
    re.I,
)
_STABLE = (
    re.compile(rf"(?:on |taking |receiving )?(?:a )?(?:stable|constant|unchanged)(?: daily)? (?:dose|doses|dosage) of (?P<name>.+?) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
    re.compile(rf"(?:on |taking |receiving )?(?:a )?dose of (?P<name>.+?) (?:is |was |has been )?(?:stable|constant|unchanged) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
    re.compile(rf"(?:on |taking |receiving )?(?P<name>.+?) (?:at|on|in) (?:a )?(?:stable|constant|unchanged) (?:dose|doses|dosage) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
    re.compile(rf"(?:on |taking |receiving )?stable (?P<name>.+?) for(?: >=| at least)? (?P<length>{LENGTH})(?: before (?P<anchor>{ANCHOR}))?", re.I),
)  # fmt: skip
_DOSES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:a |the )?(?:dose of )?(?P<name>[A-Za-z][\w -]*?)(?: at a dose| dose| dosage)? (?P<sign>>=|<=|>|<) (?P<amount>{_NUMBER} ?m?g) ?(?:daily|per day|a day|/ ?d(?:ay)?)",
        rf"daily (?:dose of )?(?P<name>[A-Za-z][\w -]*?)(?: dose)? (?P<sign>>=|<=|>|<) (?P<amount>{_NUMBER} ?m?g)",
    )
)
_LAST = re.compile(
    rf"last dose of (?P<name>.+?) (?P<way>within|at least|less than|more than) (?P<length>{LENGTH}) before (?P<anchor>{ANCHOR})",
    re.I,
)
_LASTED = re.compile(
    rf"(?P<verb>took|diagnosed|had|taking|on) (?P<name>.+?) for(?: (?P<way>at least|more than|less than|>=|>|<))? (?P<length>{LENGTH})",
    re.I,
)
_PRESSURE = re.compile(
    r"(?:latest )?(?:systolic/diastolic )?(?:blood pressure|BP) (?P<sign>>=|<=|>|<) (?P<high>\d+)\s*/\s*(?P<low>\d+)(?: ?mm ?Hg)?",
    re.I,
)
_DURATION_OF = re.compile(r"\bfor (?:at least |>= |more than |> |less than |< )?\d")


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule that may have been meant.

    Args:
        rule: Its words; they can be read.
        when: In which reading of the sentence; empty where there is only one.
    """

    rule: str
    when: str = ""


def offers(text: str, vocabulary: Vocabulary, reads: Callable[[str], bool]) -> tuple[Offer, ...]:
    """The rules that may have been meant by a text that is none.

    Args:
        text: The words that cannot be read.
        vocabulary: The terms a rule may name.
        reads: Whether a text can be read as a rule.

    Returns:
        None, one, or several that each say which they are.
    """
    words = in_language_words(_with_straight_quotes(text))
    readings = _Sentence(words, vocabulary, reads).readings()
    if readings and all(reads(offer.rule) for offer in readings):
        return tuple(readings)
    for repaired in (words, *_repaired(words)):
        if repaired != text and reads(repaired):
            return (Offer(repaired),)
    return ()


_REPAIRS = (
    (re.compile(r",?\s*\bunless\b", re.IGNORECASE), " except"),
    (re.compile(r"^(if [^,]+), (?!then\b)", re.IGNORECASE), r"\1 then "),
    (re.compile(r"^(.*\b(?:or|and) )([^()]*, if nothing (?:is )?recorded: .+)$", re.IGNORECASE), r"\1(\2)"),
)


def _repaired(words: str) -> Iterator[str]:
    """The words with one slip of joining mended."""
    for pattern, instead in _REPAIRS:
        yield pattern.sub(instead, words)
    if found := re.fullmatch(r"(at least \d+ of \()([^()]*)(\))", words, re.IGNORECASE):
        yield found[1] + found[2].replace(",", ";") + found[3]


def offered(text: str, vocabulary: Vocabulary, reads: Callable[[str], bool]) -> str:
    """The offers as a hint; empty where there is none."""
    found = offers(text, vocabulary, reads)
    if len(found) == 1:
        return f"Write: {found[0].rule}"
    return " — ".join(f"{offer.when}: {offer.rule}" for offer in found)


def filled(hint: str | None, text: str) -> str | None:
    """A hint to ask in words, with the words of the text."""
    if hint is None or not hint.endswith(_ASK) or '"' in text:
        return hint
    return hint.replace("…", " ".join(text.split()).rstrip(".;"))


def _with_straight_quotes(text: str) -> str:
    text = re.sub(r"[“”„«»]", '"', text)
    return re.sub(r"(?<=\s)'([^'\"]+)'", r'"\1"', text) if '"' not in text else text


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: str
    vocabulary: Vocabulary
    reads: Callable[[str], bool]

    def readings(self) -> list[Offer]:
        """What the sentence may mean."""
        if re.search(r"\bif\b|\bthen\b|\bunless\b|[;:()]", self.words):
            return []
        if whole := self.clause(self.words):
            return whole
        for parts, word in _divisions(self.words):
            return self.joined(self.carried(parts), word) if len(parts) <= _MOST_CLAUSES else []
        return self.mixed()

    def joined(self, parts: list[str], word: str) -> list[Offer]:
        """Clauses that are joined by one word; an absence and a time may be meant for all of them."""
        negated = [_NO.match(part) is not None for part in parts]
        if negated[0] and not all(negated):
            if word == "and" or any(negated[1:]):
                return []
            made = self.joined([_NO.sub("", parts[0], count=1), *parts[1:]], word)
            return [Offer(f"not ({offer.rule})", offer.when) for offer in made]
        windows = [_window_apart(part)[1] for part in parts]
        if windows[-1] and not any(windows[:-1]):
            all_of = self.each_one([*(f"{part} {windows[-1]}" for part in parts[:-1]), parts[-1]], word)
            last = self.each_one(parts, word)
            if not all_of or not last or not last[0].rule:
                return all_of or last
            return [
                Offer(all_of[0].rule, "Where the time is meant for all"),
                Offer(last[0].rule, "Where the time is meant for the last alone"),
            ]
        return self.each_one(parts, word)

    def each_one(self, parts: list[str], word: str) -> list[Offer]:
        """Each clause as a rule; `asthma and COPD` is often meant for either, `ALT > 80 U/L and …` never."""
        made = [self.one(part) for part in parts]
        if not all(len(readings) == 1 for readings in made):
            return []
        rules = list(dict.fromkeys(readings[0].rule for readings in made))
        if word == "or" or len(rules) == 1:
            return [Offer(" or ".join(rules))]
        if _exclude_each_other(rules):
            return []
        if any(self.reads(part) for part in parts):
            return [Offer(" and ".join(rules))]
        if any(re.search(r"[<>=\"]| between ", rule) for rule in rules) and not any(
            "lactating" in rule for rule in rules
        ):
            return [Offer(" and ".join(rules))]
        return _all_or_one(rules)

    def one(self, part: str) -> list[Offer]:
        """What a clause may mean; one that can be read means what it says."""
        return self.clause(part) or ([Offer(part)] if self.reads(part) else [])

    def mixed(self) -> list[Offer]:
        """Both ways to bracket `A and B or C`."""
        pieces = re.split(r",?\s+(and|or)\s+", self.words, flags=re.IGNORECASE)
        signs = [piece.casefold() for piece in pieces[1::2]]
        if len(signs) != 2 or signs[0] == signs[1] or any(_NO.match(piece) for piece in pieces[::2]):
            return []
        made = [self.one(piece) for piece in pieces[::2]]
        if any(len(readings) != 1 for readings in made):
            return []
        one, two, three = (readings[0].rule for readings in made)
        return [
            Offer(f"({one} {signs[0]} {two}) {signs[1]} {three}", f"Where '{signs[0]}' comes first"),
            Offer(f"{one} {signs[0]} ({two} {signs[1]} {three})", f"Where '{signs[1]}' comes first"),
        ]

    def carried(self, parts: list[str]) -> list[str]:
        """Parts of `ALT and AST <= 3 x ULN`: the comparison goes with each name before it."""
        for number, part in enumerate(parts):
            before = re.match(r"(?P<name>[^<>=]+?) (?:>=|<=|>|<|=)", parts[number - 1])
            if number and before and re.match(r"(?:>=|<=|>|<|=)", part):
                parts[number] = f"{before['name']} {part}"  # age < 18 years or > 75 years
        last = _VALUE.fullmatch(parts[-1])
        if last is None or not all(self.test(part) for part in parts[:-1]):
            return parts
        return [*(f"{part} {last['sign']} {last['limit']}" for part in parts[:-1]), parts[-1]]

    def clause(self, words: str) -> list[Offer]:
        """What one clause may mean."""
        words = words.strip(" ,")
        if found := _TESTS_IN_BRACKETS.fullmatch(words):
            names = [name.strip() for name in found["names"].split(",")]
            return _all_or_one([f"{found['pick']} {name} {found['rest']}" for name in names])
        if '"' in words or "[" in words:
            return [Offer(words)] if self.reads(words) else []
        for reader in (
            self.person,
            self.stable,
            self.lasted,
            self.pressure,
            self.levels,
            self.value,
            self.finding,
            self.event,
        ):
            if made := reader(words):
                return made
        return []

    # --- the person ---

    def person(self, words: str) -> list[Offer]:
        for pattern in _AGES:
            if found := pattern.fullmatch(words):
                return [Offer(_age(found.groupdict()))]
        if found := _SEX.fullmatch(words):
            sex = (found["sex"] or found["sex2"]).casefold()
            return [Offer("sex is " + ("female" if sex.startswith(("f", "w")) else "male"))]
        if _PREGNANT.fullmatch(words):
            return [Offer("had pregnancy at screening")]
        if _ASKED_OF_INVESTIGATOR.fullmatch(words):
            return [Offer('investigator confirms "lactating"')]
        if found := _HOSPITAL.fullmatch(words):
            return [Offer(f"hospitalised{found['window']}")]
        return []

    # --- drugs over time ---

    def stable(self, words: str) -> list[Offer]:
        for pattern in _STABLE:
            if (found := pattern.fullmatch(words)) and (names := self.names(found["name"], (Domain.DRUG,))):
                anchor = found["anchor"] or "screening"
                return [Offer(f"dose of {names} unchanged for {found['length']} before {anchor}")]
        for pattern in _DOSES:
            if (found := pattern.fullmatch(words)) and (names := self.names(found["name"], (Domain.DRUG,))):
                return [Offer(f"daily dose of {names} {found['sign']} {found['amount']}")]
        if (found := _LAST.fullmatch(words)) and (names := self.names(found["name"], (Domain.DRUG,))):
            window = f"{found['length']} before {found['anchor']}"
            if found["way"].casefold() in ("within", "less than"):
                return [Offer(f"took {names} within {window}")]
            return [Offer(f"last dose of {names} at least {window}")]
        return []

    def lasted(self, words: str) -> list[Offer]:
        found = _LASTED.fullmatch(words)
        if found is None:
            return []
        drug = found["verb"].casefold() in ("took", "taking", "on")
        names = self.names(found["name"], (Domain.DRUG,) if drug else (Domain.CONDITION, Domain.OBSERVATION))
        if not names:
            return []
        asked = Offer(f'investigator confirms "{words}"', "How long it lasted")
        if not drug and found["verb"].casefold() == "diagnosed" and (found["way"] or "") not in ("less than", "<"):
            return [Offer(f"diagnosed {names} at least {found['length']} before screening", "First diagnosed so long ago"), asked]  # fmt: skip
        verb = "took" if drug else "had"
        return [Offer(f"{verb} {names} within {found['length']} before screening", "At some time in those days"), asked]

    # --- values ---

    def pressure(self, words: str) -> list[Offer]:
        found = _PRESSURE.fullmatch(words)
        if found is None:
            return []
        word = "or" if found["sign"].startswith(">") else "and"
        sign = found["sign"]
        return [Offer(
            f"latest systolic blood pressure {sign} {found['high']} mmHg {word} "
            f"latest diastolic blood pressure {sign} {found['low']} mmHg"
        )]  # fmt: skip

    def levels(self, words: str) -> list[Offer]:
        """`ECOG 0-1`, `NYHA class III or IV`, `ECOG 2 or higher`: levels of a scale without a sign."""
        if (found := _LEVELS.fullmatch(words)) and (levels := self.scale(found["name"])):
            said = re.findall(_LEVEL + r"(?!\w)", found["levels"])
            if not all(level in levels for level in said):
                return []
            places = sorted(levels.index(level) for level in said)
            is_range = re.search(r"-|\bto\b", found["levels"]) is not None and len(said) == 2
            if not is_range and places != list(range(places[0], places[-1] + 1)):
                return []
            value = f"latest {_scale_name(found['name'])}{found['window'] or ''}"
            above = f"{value} >= {levels[places[0]]} and " if places[0] else ""
            return [Offer(f"{above}{value} <= {levels[places[-1]]}")]
        if (found := _LEVEL_ON.fullmatch(words)) and (levels := self.scale(found["name"])) and found["level"] in levels:
            way = found["way"]
            sign = "=" if way is None else ">=" if way in ("higher", "greater", "more", "above", "worse") else "<="
            return [Offer(f"latest {_scale_name(found['name'])}{found['window'] or ''} {sign} {found['level']}")]
        return []

    def scale(self, name: str) -> tuple[str, ...]:
        """The levels of a scale, lowest first; none where the words name no scale."""
        concept = self.vocabulary.find((Domain.MEASUREMENT,), _scale_name(name))
        return concept.measure.levels if concept and concept.measure else ()

    def value(self, words: str) -> list[Offer]:
        if found := _VALUE.fullmatch(words):
            limit, window = _window_apart(found["limit"])
            name, inner = _window_apart(found["name"])
            if more := re.fullmatch(rf"({_NUMBER}.*?) or (?:more|greater|higher|less|lower)", limit):
                limit = more[1]
            return self.compared(found["pick"], name, f"{found['sign']} {limit}", window or inner)
        if found := re.fullmatch(
            rf"(?P<name>[A-Za-z].*?)(?: of)? (?P<limit>{_NUMBER}.*?) or (?P<way>more|greater|higher|above|less|lower|below)(?P<window> {WINDOW})?",
            words,
        ):
            sign = "<=" if found["way"] in ("less", "lower", "below") else ">="
            return self.compared(None, found["name"], f"{sign} {found['limit']}", (found["window"] or "").strip())
        if (found := _RANGE.fullmatch(words)) and (found["unit0"] in (None, found["unit"])):
            limit = f"between {found['low']} and {found['high']} {found['unit'] or ''}".strip()
            return self.compared(None, found["name"], limit, (found["window"] or "").strip())
        return []

    def compared(self, pick: str | None, name: str, limit: str, window: str) -> list[Offer]:
        """A comparison of one test, or of each of several."""
        parts = [name] if self.test(name) else re.split(r",? (?:and/or|or) |, ", name)
        word = "or"
        if not all(self.test(part) for part in parts):
            parts, word = re.split(r",? and |, ", name), "and"
        if not parts or not all(self.test(part) for part in parts):
            return []
        rules = [
            " ".join([*([] if find_formula(part) else [(pick or "latest").strip()]), part, *([window] if window else []), limit])
            for part in map(_bare_test, parts)
        ]  # fmt: skip
        return [Offer(f" {word} ".join(rules))]

    def test(self, name: str) -> bool:
        """Whether words name a test or a formula."""
        name = _bare_test(name)
        return find_formula(name) is not None or self.vocabulary.find((Domain.MEASUREMENT,), name) is not None

    def finding(self, words: str) -> list[Offer]:
        """`HBsAg positive`, `positive for HIV`, `negative pregnancy test`."""
        body, window = _window_apart(words)
        for pattern in _FOUND:
            found = pattern.fullmatch(body)
            names = [self.found(name) for name in _listed(found["name"])] if found else []
            if not found or not all(names):
                continue
            sign, pick = found["finding"].casefold(), (found.groupdict().get("pick") or "").strip()

            def rule(pick: str, joiner: str = " or ", names: list[str] = names, sign: str = sign) -> str:
                return joiner.join(f"{pick} {name}{window and ' ' + window} is {sign}" for name in names)

            if pick or sign == "negative":
                return [Offer(rule(pick or "latest"))] if pick or len(names) == 1 else []
            made = [
                Offer(rule("latest"), "By the latest test"),
                Offer(rule("any"), "By any test so far" if not window else "By any test in that time"),
            ]
            said = _plain(found["name"])
            condition = self.vocabulary.find((Domain.CONDITION,), said)
            if condition and not window:
                made.append(Offer(f"diagnosed {said}", "By the diagnosis"))
            return made
        return []

    def found(self, name: str) -> str:
        """The words for a test that is positive or negative."""
        for words in (name, f"{name} antibody", f"{name} test"):
            concept = self.vocabulary.find((Domain.MEASUREMENT,), words)
            if concept and concept.measure and concept.measure.scale is Scale.FINDING:
                return words
        return ""

    # --- what happened ---

    def event(self, words: str) -> list[Offer]:
        """Drugs, diagnoses, procedures, vaccines and allergies, with or without a verb."""
        body, window = _window_apart(words)
        if not body or _DURATION_OF.search(body):
            return []
        negated = _NO.match(body)
        rest = body[negated.end() :] if negated else body
        if any(_ASKED_OF_INVESTIGATOR.fullmatch(name) for name in _listed(rest)):
            return []
        if any(_PREGNANT.fullmatch(name) for name in _listed(rest)):
            when = window or "at screening"
            alone = _PREGNANT.fullmatch(_plain(rest))
            return [Offer(f"{'did not have' if negated else 'had'} pregnancy {when}")] if alone else []
        for kind, lead in _LEADS:
            found = lead.match(rest)
            if found is not None and (found[0] or kind == "has"):
                earlier = re.search(r"\b(?:prior|previous|previously|past|ever)\b", found[0], re.I) is not None
                made = self.happened(kind, rest[found.end() :], window, negated is not None, earlier)
                if made:
                    return made
        return []

    def happened(self, lead: str, names: str, window: str, negated: bool = False, earlier: bool = False) -> list[Offer]:
        ending = re.fullmatch(r"(.+?) (?:use|therapy|treatment|exposure|administration)", names, re.I)
        kind = {"taking": "on" if not window else "took"}.get(lead, lead)
        if lead in ("has", "diagnosed", "took", "taking", "vaccinated"):
            domain = self.domain(names) or (self.domain(ending[1]) if ending else None)
            if domain is None:
                return []
            of_names = _KIND_OF.get(domain, "")
            fits = lead in ("has", "diagnosed") or of_names in ("took", "underwent", "vaccinated")
            if not fits:
                return []
            kind = kind if of_names == "took" and lead in ("took", "taking") else of_names
        if kind not in _FITS:
            return []
        what = self.names(names, _FITS[kind]) or (self.names(ending[1], _FITS[kind]) if ending else "")
        if not what:
            return self.each(lead, names, window) if not negated else []
        if kind == "on" and not window:
            window = "at screening"
        if kind == "on" and not window.startswith("at "):
            kind = "took"
        if kind == "took" and window.startswith("at "):
            kind = "on"
        if kind == "allergic" and window:
            return []
        if "," in names and not negated and not re.search(r"\b(?:or|and)\b", names):
            parts = [f"{_WRITTEN[kind][0]} {name} {window}".strip() for name in _listed(names)]
            return _all_or_one(parts, f"{_WRITTEN[kind][0]} {what} {window}".strip())
        verb = _WRITTEN[kind][negated]
        if kind == "took" and negated and not window:
            verb = "never took"
        rule = Offer(f"{verb} {what} {window}".strip())
        if kind == "took" and lead == "has" and not window and not negated and not earlier:
            return [
                Offer(rule.rule, "Taken at any time so far"),
                Offer(f"on {what} at screening", "Being taken at screening"),
            ]
        if kind == "diagnosed" and window.startswith("within") and lead == "has":
            return [
                Offer(rule.rule, "First diagnosed in that time"),
                Offer(f"{'did not have' if negated else 'had'} {what} {window}", "Present in that time"),
            ]
        return [rule]

    def each(self, lead: str, names: str, window: str) -> list[Offer]:
        """`A and B`: each has to have happened."""
        parts = re.split(r",? and |, ", names)
        if len(parts) < 2 or " or " in names:
            return []
        made = [self.happened(lead, part, window) for part in parts]
        if any(len(readings) != 1 for readings in made):
            return []
        return _all_or_one([readings[0].rule for readings in made])

    def domain(self, names: str) -> Domain | None:
        """The one domain that all names belong to."""
        if whole := self.domain_of_one(names):
            return whole
        head = _BUT.split(names)[0]
        domains = {self.domain_of_one(name) for name in self.listed(head, _DOMAINS) or re.split(r",? and |, ", head)}
        return domains.pop() if len(domains) == 1 else None

    def domain_of_one(self, name: str) -> Domain | None:
        concept = next((found for domain in _DOMAINS if (found := self.concept(name, domain))), None)
        return concept.domain if concept else None

    def concept(self, name: str, domain: Domain) -> Concept | None:
        words = _plain(name)
        concept = self.vocabulary.find((domain,), words)
        route, _, drug = words.partition(" ")
        if concept is None and domain is Domain.DRUG and route_named(route):
            concept = self.vocabulary.find((domain,), drug)
        return concept if concept is not None and concept.domain is domain else None

    def names(self, words: str, domains: tuple[Domain, ...]) -> str:
        """The names as a rule lists them; empty where one is not known."""
        parts = _BUT.split(words)
        if len(parts) > 2:
            return ""
        listed = [self.listed(part, domains) for part in parts]
        if not all(listed):
            return ""
        text = listed[0][0] if len(listed[0]) == 1 else "any [" + ", ".join(listed[0]) + "]"
        return text + (" except [" + ", ".join(listed[1]) + "]" if len(listed) == 2 else "")

    def listed(self, words: str, domains: tuple[Domain, ...]) -> list[str]:
        if self.known(_plain(words), domains):
            return [_plain(words)]
        names = list(_listed(words))
        if not all(names):
            return []
        for number, name in enumerate(names):
            if self.known(name, domains):
                continue
            shared = " ".join([*names[number - 1].split()[:-1], name]) if number else ""
            tail = f"{name} {names[-1].split()[-1]}"
            if " " not in name and shared and self.known(shared, domains):
                names[number] = shared  # hepatitis B or C
            elif number == 0 and len(names) == 2 and self.known(tail, domains):
                names[number] = tail  # type 1 or type 2 diabetes
            else:
                return []
        return names

    def known(self, name: str, domains: tuple[Domain, ...]) -> bool:
        return any(self.concept(name, domain) for domain in _reached(domains))


def _all_or_one(rules: list[str], one: str = "") -> list[Offer]:
    """Both readings of a list of things: all of them, or one."""
    return [
        Offer(one or " or ".join(rules), "Where one of them is enough"),
        Offer(" and ".join(rules), "Where all of them are needed"),
    ]


def _reached(domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
    """Where a name of these domains may be found: an allergy is to a drug."""
    return (*domains, Domain.DRUG, Domain.IMMUNISATION) if Domain.ALLERGY in domains else domains


def _divisions(words: str) -> Iterator[tuple[list[str], str]]:
    """The parts of a sentence joined by `and` alone, or by `or` alone."""
    for word, other in (("and", "or"), ("or", "and")):
        parts = re.split(rf",?\s+{word}\s+", words, flags=re.IGNORECASE)
        if len(parts) > 1 and not any(re.search(rf"\s{other}\s", part, re.I) for part in parts):
            yield parts, word


def _window_apart(words: str) -> tuple[str, str]:
    """The words without their window, and the window."""
    if found := re.fullmatch(rf"(?P<rest>.+?),?\s+(?P<window>{WINDOW})(?P<but>{_BUT.pattern}.+)", words, re.IGNORECASE):
        return found["rest"] + found["but"], found["window"]
    if found := re.fullmatch(rf"(?P<rest>.+?),?\s+(?P<window>{WINDOW})", words, re.IGNORECASE):
        return found["rest"], found["window"]
    if found := re.fullmatch(rf"(?P<window>{WINDOW}),?\s+(?P<rest>.+)", words, re.IGNORECASE):
        return found["rest"], found["window"]
    return words, ""


def _listed(words: str) -> Iterator[str]:
    for name in re.split(r",\s*(?:and/or|or)\s+|\s+(?:and/or|or)\s+|,\s+", words, flags=re.IGNORECASE):
        yield _plain(name)


def _plain(name: str) -> str:
    return re.sub(r"^(?:a|an|any|the|other)\s+", "", name.strip(), flags=re.IGNORECASE)


def _exclude_each_other(rules: list[str]) -> bool:
    """Whether nobody is both: `younger than 18 and older than 70` means one or the other."""
    if sum(rule.startswith("sex is ") for rule in rules) > 1:
        return True
    limits = [re.match(rf"(?P<value>.+?) (?P<sign>>|<)=? (?P<limit>{_NUMBER})", rule) for rule in rules]
    return any(
        one["value"].casefold() == other["value"].casefold() and one["sign"] == "<" and other["sign"] == ">"
        and float(one["limit"]) <= float(other["limit"])
        for one in limits for other in limits if one and other
    )  # fmt: skip


def _bare_test(name: str) -> str:
    return re.sub(
        r"^(?:latest|a|an|the|serum|plasma)\s+|\s+(?:level|value)s?$", "", name.strip(" ,"), flags=re.IGNORECASE
    )


def _scale_name(name: str) -> str:
    return re.sub(r"^(?:an?|the)\s+|\s+(?:of|is|=)$", "", name.strip(), flags=re.IGNORECASE)


def _age(found: dict[str, str | None]) -> str:
    low, high, unit = found["low"], found.get("high"), found.get("unit") or "years"
    day = (found.get("day") or " at screening").strip()
    if high:
        return f"age {day} between {low} and {high} {unit}"
    sign = found.get("sign") or ("<=" if found.get("way") in ("younger", "under", "below") else ">=")
    return f"age {day} {sign} {low} {unit}"
