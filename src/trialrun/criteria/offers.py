"""What somebody probably meant by a sentence that is no rule: rules made of the sentence's own words.

Nothing is offered that cannot be read as a rule, and nothing where a word of the sentence would be lost. Where a sentence can
be read in two ways, both are offered, and each says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trialrun.criteria import prose_forms as forms
from trialrun.criteria.formulas import find_formula
from trialrun.criteria.plain_words import WINDOW, in_language_words
from trialrun.criteria.prose_names import Names
from trialrun.vocabulary.concepts import Domain

if TYPE_CHECKING:
    from trialrun.vocabulary.terms import Vocabulary

__all__ = ["Offer", "filled", "offered", "offers"]

_ASK = 'investigator confirms "…"'
_MOST_CLAUSES = 8


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
    readings = _Sentence(words, Names(vocabulary), reads).readings()
    if readings and all(reads(offer.rule) for offer in readings):
        return tuple(readings)
    for repaired in (words, *forms.repaired(words)):
        if repaired != text and reads(repaired):
            return (Offer(repaired),)
    return ()


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
    terms: Names
    reads: Callable[[str], bool]

    def readings(self) -> list[Offer]:
        """What the sentence may mean."""
        if re.search(r"\bif\b|\bthen\b|\bunless\b|[;:()]", self.words):
            return []
        if whole := self.clause(self.words):
            return whole
        for parts, word in forms.divisions(self.words):
            return self.joined(self.carried(parts), word) if len(parts) <= _MOST_CLAUSES else []
        return self.mixed()

    def joined(self, parts: list[str], word: str) -> list[Offer]:
        """Clauses that are joined by one word; an absence and a time may be meant for all of them."""
        negated = [forms.NO.match(part) is not None for part in parts]
        if negated[0] and not all(negated):
            if word == "and" or any(negated[1:]):
                return []
            made = self.joined([forms.NO.sub("", parts[0], count=1), *parts[1:]], word)
            return [Offer(f"not ({offer.rule})", offer.when) for offer in made]
        windows = [forms.window_apart(part)[1] for part in parts]
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
        if forms.exclude_each_other(rules):
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
        if len(signs) != 2 or signs[0] == signs[1] or any(forms.NO.match(piece) for piece in pieces[::2]):
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
        last = forms.VALUE.fullmatch(parts[-1])
        if last is None or not all(self.terms.test(part) for part in parts[:-1]):
            return parts
        return [*(f"{part} {last['sign']} {last['limit']}" for part in parts[:-1]), parts[-1]]

    def clause(self, words: str) -> list[Offer]:
        """What one clause may mean."""
        words = words.strip(" ,")
        if found := forms.TESTS_IN_BRACKETS.fullmatch(words):
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
        for pattern in forms.AGES:
            if found := pattern.fullmatch(words):
                return [Offer(forms.age(found.groupdict()))]
        if found := forms.SEX.fullmatch(words):
            sex = (found["sex"] or found["sex2"]).casefold()
            return [Offer("sex is " + ("female" if sex.startswith(("f", "w")) else "male"))]
        if forms.PREGNANT.fullmatch(words):
            return [Offer("had pregnancy at screening")]
        if forms.ASKED_OF_INVESTIGATOR.fullmatch(words):
            return [Offer('investigator confirms "lactating"')]
        if found := forms.HOSPITAL.fullmatch(words):
            return [Offer(f"hospitalised{found['window']}")]
        return []

    # --- drugs over time ---

    def stable(self, words: str) -> list[Offer]:
        for pattern in forms.STABLE:
            if (found := pattern.fullmatch(words)) and (names := self.terms.names(found["name"], (Domain.DRUG,))):
                anchor = found["anchor"] or "screening"
                return [Offer(f"dose of {names} unchanged for {found['length']} before {anchor}")]
        for pattern in forms.DOSES:
            if (found := pattern.fullmatch(words)) and (names := self.terms.names(found["name"], (Domain.DRUG,))):
                return [Offer(f"daily dose of {names} {found['sign']} {found['amount']}")]
        if (found := forms.LAST.fullmatch(words)) and (names := self.terms.names(found["name"], (Domain.DRUG,))):
            window = f"{found['length']} before {found['anchor']}"
            if found["way"].casefold() in ("within", "less than"):
                return [Offer(f"took {names} within {window}")]
            return [Offer(f"last dose of {names} at least {window}")]
        return []

    def lasted(self, words: str) -> list[Offer]:
        found = forms.LASTED.fullmatch(words)
        if found is None:
            return []
        drug = found["verb"].casefold() in ("took", "taking", "on")
        names = self.terms.names(found["name"], (Domain.DRUG,) if drug else (Domain.CONDITION, Domain.OBSERVATION))
        if not names:
            return []
        asked = Offer(f'investigator confirms "{words}"', "How long it lasted")
        if not drug and found["verb"].casefold() == "diagnosed" and (found["way"] or "") not in ("less than", "<"):
            return [Offer(f"diagnosed {names} at least {found['length']} before screening", "First diagnosed so long ago"), asked]  # fmt: skip
        verb = "took" if drug else "had"
        return [Offer(f"{verb} {names} within {found['length']} before screening", "At some time in those days"), asked]

    # --- values ---

    def pressure(self, words: str) -> list[Offer]:
        found = forms.PRESSURE.fullmatch(words)
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
        if (found := forms.LEVELS.fullmatch(words)) and (levels := self.terms.scale(found["name"])):
            said = re.findall(forms.LEVEL + r"(?!\w)", found["levels"])
            if not all(level in levels for level in said):
                return []
            places = sorted(levels.index(level) for level in said)
            is_range = re.search(r"-|\bto\b", found["levels"]) is not None and len(said) == 2
            if not is_range and places != list(range(places[0], places[-1] + 1)):
                return []
            value = f"latest {forms.scale_name(found['name'])}{found['window'] or ''}"
            above = f"{value} >= {levels[places[0]]} and " if places[0] else ""
            return [Offer(f"{above}{value} <= {levels[places[-1]]}")]
        if (
            (found := forms.LEVEL_ON.fullmatch(words))
            and (levels := self.terms.scale(found["name"]))
            and found["level"] in levels
        ):
            way = found["way"]
            sign = "=" if way is None else ">=" if way in ("higher", "greater", "more", "above", "worse") else "<="
            return [Offer(f"latest {forms.scale_name(found['name'])}{found['window'] or ''} {sign} {found['level']}")]
        return []

    def value(self, words: str) -> list[Offer]:
        if found := forms.VALUE.fullmatch(words):
            limit, window = forms.window_apart(found["limit"])
            name, inner = forms.window_apart(found["name"])
            if more := re.fullmatch(rf"({forms.NUMBER}.*?) or (?:more|greater|higher|less|lower)", limit):
                limit = more[1]
            return self.compared(found["pick"], name, f"{found['sign']} {limit}", window or inner)
        if found := re.fullmatch(
            rf"(?P<name>[A-Za-z].*?)(?: of)? (?P<limit>{forms.NUMBER}.*?) or (?P<way>more|greater|higher|above|less|lower|below)(?P<window> {WINDOW})?",
            words,
        ):
            sign = "<=" if found["way"] in ("less", "lower", "below") else ">="
            return self.compared(None, found["name"], f"{sign} {found['limit']}", (found["window"] or "").strip())
        if (found := forms.RANGE.fullmatch(words)) and (found["unit0"] in (None, found["unit"])):
            limit = f"between {found['low']} and {found['high']} {found['unit'] or ''}".strip()
            return self.compared(None, found["name"], limit, (found["window"] or "").strip())
        return []

    def compared(self, pick: str | None, name: str, limit: str, window: str) -> list[Offer]:
        """A comparison of one test, or of each of several."""
        parts = [name] if self.terms.test(name) else re.split(r",? (?:and/or|or) |, ", name)
        word = "or"
        if not all(self.terms.test(part) for part in parts):
            parts, word = re.split(r",? and |, ", name), "and"
        if not parts or not all(self.terms.test(part) for part in parts):
            return []
        rules = [
            " ".join([*([] if find_formula(part) else [(pick or "latest").strip()]), part, *([window] if window else []), limit])
            for part in map(forms.bare_test, parts)
        ]  # fmt: skip
        return [Offer(f" {word} ".join(rules))]

    def finding(self, words: str) -> list[Offer]:
        """`HBsAg positive`, `positive for HIV`, `negative pregnancy test`."""
        body, window = forms.window_apart(words)
        for pattern in forms.FOUND:
            found = pattern.fullmatch(body)
            names = [self.terms.found(name) for name in forms.listed(found["name"])] if found else []
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
            said = forms.plain(found["name"])
            condition = self.terms.vocabulary.find((Domain.CONDITION,), said)
            if condition and not window:
                made.append(Offer(f"diagnosed {said}", "By the diagnosis"))
            return made
        return []

    # --- what happened ---

    def event(self, words: str) -> list[Offer]:
        """Drugs, diagnoses, procedures, vaccines and allergies, with or without a verb."""
        body, window = forms.window_apart(words)
        if not body or forms.DURATION_OF.search(body):
            return []
        negated = forms.NO.match(body)
        rest = body[negated.end() :] if negated else body
        if any(forms.ASKED_OF_INVESTIGATOR.fullmatch(name) for name in forms.listed(rest)):
            return []
        if any(forms.PREGNANT.fullmatch(name) for name in forms.listed(rest)):
            when = window or "at screening"
            alone = forms.PREGNANT.fullmatch(forms.plain(rest))
            return [Offer(f"{'did not have' if negated else 'had'} pregnancy {when}")] if alone else []
        for kind, lead in forms.LEADS:
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
            domain = self.terms.domain(names) or (self.terms.domain(ending[1]) if ending else None)
            if domain is None:
                return []
            of_names = forms.KIND_OF.get(domain, "")
            fits = lead in ("has", "diagnosed") or of_names in ("took", "underwent", "vaccinated")
            if not fits:
                return []
            kind = kind if of_names == "took" and lead in ("took", "taking") else of_names
        if kind not in forms.FITS:
            return []
        what = self.terms.names(names, forms.FITS[kind]) or (
            self.terms.names(ending[1], forms.FITS[kind]) if ending else ""
        )
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
            parts = [f"{forms.WRITTEN[kind][0]} {name} {window}".strip() for name in forms.listed(names)]
            return _all_or_one(parts, f"{forms.WRITTEN[kind][0]} {what} {window}".strip())
        verb = forms.WRITTEN[kind][negated]
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


def _all_or_one(rules: list[str], one: str = "") -> list[Offer]:
    """Both readings of a list of things: all of them, or one."""
    return [
        Offer(one or " or ".join(rules), "Where one of them is enough"),
        Offer(" and ".join(rules), "Where all of them are needed"),
    ]
