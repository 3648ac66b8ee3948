"""Checks of the eligibility sentences: against each other, against the registry's fields, and for what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from trialrun.errors import shortened
from trialrun.protocol.checks.findings import Case, Check, Remark, Severity, is_about
from trialrun.protocol.model import Criterion, Decision
from trialrun.protocol.prose.durations import FoundDuration, find_durations
from trialrun.protocol.rules import Item
from trialrun.protocol.source import KeyPath
from trialrun.vocabulary.drug_names import FoundDrug, find_drugs

_JUDGEMENT = re.compile(
    r"\b(?:investigator|physician|opinion|judg|serious|significant|uncontroll|expected to|able to comply|willing|unwilling"
    r"|reluctant|adequate|suitable|appropriate|may (?:hinder|interfere)|informed|consent|known|history of)",
    re.IGNORECASE,
)
_WINDOW_WORDS = frozenset({"within", "past", "last", "previous", "prior", "over", "in", "during"})
_ANCHOR = re.compile(
    r"\b(?:before|prior|preceding|since|after|from|screening|enrol|randomi|baseline|inclusion|day 1|first|study|treatment|entry|visit)",
    re.IGNORECASE,
)
_ANCHOR_ASKED = re.compile(r"\banchor|\b(?:from|before) which day\b", re.IGNORECASE)
"""An item of the file that asks from which day something counts."""
_TESTS = {
    "HIV antibody": r"\bHIV\b",
    "hepatitis C antibody": r"\bhepatitis C\b|\bHCV\b|\bHep C\b",
    "hepatitis B serology": r"\bhepatitis B\b|\bHBV\b|\bHBsAg\b",
    "chest imaging": r"\bchest (?:imaging|x-?ray|radiograph|CT)\b",
    "ALT": r"\balanine (?:trans)?amin|\bALT\b|\bSGPT\b",
    "AST": r"\baspartate (?:trans)?amin|\bAST\b|\bSGOT\b",
    "bilirubin": r"\bbilirubin\b",
    "creatinine": r"\bcreatinine\b|\beGFR\b",
    "haemoglobin": r"\bha?emoglobin\b",
    "platelets": r"\bplatelets?\b",
    "neutrophils": r"\bneutrophils?\b|\bANC\b",
    "ECG": r"\bECG\b|\bEKG\b|\bQTc?\b|\belectrocardio",
    "pregnancy test": r"\bpregnan",
    "NYHA class": r"\bNYHA\b|\bNew York Heart\b",
}
_ALSO = {
    "ALT": "liver|chemistry|biochem",
    "AST": "liver|chemistry|biochem",
    "bilirubin": "liver|chemistry|biochem",
    "creatinine": "renal|chemistry|biochem",
    "haemoglobin": "haematology|hematology|blood count|blood",
    "platelets": "haematology|hematology|blood count",
    "neutrophils": "haematology|hematology|blood count",
    "pregnancy test": "hcg|pregnan",
    "HIV antibody": "serology|hiv|virolog",
    "hepatitis C antibody": "serology|hcv|virolog|hepatitis",
    "hepatitis B serology": "serology|hbs|virolog|hepatitis",
    "chest imaging": "chest|imaging|x-ray",
    "ECG": "ecg|electrocardio",
    "NYHA class": "nyha",
}
_EXCLUDING = re.compile(
    r"^(?:excluding\b|exclude\b|no\b|not\b|without\b|absence of\b|free of\b|does not\b|do not have\b)", re.I
)
_DOUBLE = re.compile(r"\b(?:no|not|without|never)\b[^.,;]{0,40}\b(?:no|not|without|exclu\w+|unless)\b", re.IGNORECASE)

_WORDS = re.compile(r"\d+(?:[.,]\d+)*|\w+|[<>≤≥=]")
"""What makes a sentence the same: its words, whole numbers with their points and commas, and signs of comparison."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A criterion or a part of one, with its place."""

    top: str
    key: str
    path: KeyPath
    text: str


@dataclass(frozen=True, slots=True)
class _DrugWindow:
    """A drug or class and the window a sentence gives it."""

    sentence: _Sentence
    drug: FoundDrug
    window: FoundDuration


def l26(case: Case) -> Iterator[Remark]:
    """A sentence given twice, or one item twice inside a sentence."""
    seen: dict[str, str] = {}
    for sentence in _tops(case):
        folded = " ".join(_WORDS.findall(sentence.text.casefold()))
        if folded in seen and len(folded) > 12:
            yield _same_sentence(sentence, seen[folded], case)
        seen.setdefault(folded, sentence.key)
        twice = _item_twice(sentence.text)
        if twice is not None:
            message = f"{sentence.key} names '{twice}' twice; another item was probably meant"
            yield Remark(sentence.path, message, hint="Ask which item was lost.")


def _same_sentence(sentence: _Sentence, other: str, case: Case) -> Remark:
    """Two criteria of one sentence; where their rules differ, what they say is not the same, and one sentence is wrong."""
    rules = case.file.rules.rules
    if sentence.key in rules and other in rules and rules[sentence.key] != rules[other]:
        message = f"{sentence.key} has the sentence of {other}, and another rule"
        return Remark(sentence.path, message, hint="Write to each rule the sentence it comes from.")
    return Remark(sentence.path, f"{sentence.key} says the same as {other}", hint="Take one out.")


def l27(case: Case) -> Iterator[Remark]:
    """An age in the sentences that is not the registry's."""
    if case.record is None:
        return
    low = registered_years(case.record.eligibility.minimum_age)
    high = registered_years(case.record.eligibility.maximum_age)
    for sentence in _tops(case):
        if not sentence.key.startswith("I"):
            continue
        stated = _stated_ages(sentence.text)
        for what, said, registered in (("youngest", stated[0], low), ("oldest", stated[1], high)):
            if said is not None and registered is not None and said != registered:
                message = f"{sentence.key}: {what} age {said}, registry {registered} years"
                yield Remark(sentence.path, message, hint="Make the two the same.")


def l28(case: Case) -> Iterator[Remark]:
    """Two sentences that give one drug or class different windows."""
    said: set[tuple[str, str]] = set()
    for one, other in combinations(list(_drug_windows(case)), 2):
        pair = (one.sentence.key, other.sentence.key)
        if one.sentence.top == other.sentence.top or pair in said or one.window.duration == other.window.duration:
            continue
        shared = _shared(one.drug, other.drug)
        if shared is not None:
            said.add(pair)
            message = (
                f"{one.sentence.key} gives {one.drug.name} {one.window.duration}, "
                f"{other.sentence.key} gives {other.drug.name} {other.window.duration} (both {shared})"
            )
            texts = tuple(f"{item.sentence.key}: {shortened(item.sentence.text, 100)}" for item in (one, other))
            yield Remark(other.sentence.path, message, texts, "Decide which window holds; the longer one is the safer.")


def l29(case: Case) -> Iterator[Remark]:
    """An exclusion among the inclusions."""
    for sentence in _tops(case):
        if sentence.key.startswith("I") and _EXCLUDING.search(sentence.text):
            message = f"{sentence.key} is worded as an exclusion but stands among the inclusions: '{shortened(sentence.text, 50)}'"
            yield Remark(sentence.path, message, hint="Read naively it would require what it excludes.")


def l30(case: Case) -> Iterator[Remark]:
    """A sentence about what happens after screening, asked at screening."""
    for sentence in _tops(case):
        found = re.search(
            r"\b(?:was|were|has been|have been)\b[^.]*?\bafter (?:screening|enrol\w+|randomi\w+)", sentence.text, re.I
        )
        if found:
            message = f"{sentence.key} speaks of the past after screening: '{shortened(found[0], 60)}'"
            yield Remark(sentence.path, message, hint="No data can decide it; ask whether 'before' was meant.")


def l31(case: Case) -> Iterator[Remark]:
    """How many sentences only a person can decide."""
    keys = [sentence.key for sentence in _tops(case) if _JUDGEMENT.search(sentence.text)]
    if keys:
        message = f"{len(keys)} criteria need a person's judgement or word: {', '.join(keys)}"
        yield Remark(("eligibility",), message, hint="Plan who answers them, and when.")


def l32(case: Case) -> Iterator[Remark]:
    """A test that a sentence without a rule needs and screening does not collect; rules are checked by L60."""
    done = collected_before_treatment(case)
    if done is None:
        return
    ruled = {item.id.split(".")[0] for item in case.file.rules.items.values() if item.criterion.rule is not None}
    for name, pattern in _TESTS.items():
        needing = [s.key for s in _tops(case) if s.key not in ruled and re.search(pattern, s.text, re.IGNORECASE)]
        if needing and not re.search(f"{_ALSO.get(name, name)}|{re.escape(name)}", done, re.IGNORECASE):
            message = f"{', '.join(needing)} needs {name}, which is not collected before treatment"
            yield Remark(("activities",), message, hint=f"Add '{name}' to the activities at screening.")


def l33(case: Case) -> Iterator[Remark]:
    """Time words that do not say from when they count; not where an item of the file has settled it."""
    for sentence in _tops(case):
        asking = list(_anchor_rows(sentence, case))
        if asking and all(not row.is_open for _, row in asking):
            continue
        for found in find_durations(sentence.text):
            if found.relation not in _WINDOW_WORDS:
                continue
            around = sentence.text[max(0, found.start - 25) : found.start] + sentence.text[found.end : found.end + 60]
            if not _ANCHOR.search(around.split(".")[0] + " " + around[25:].split(".")[0]):
                message = f"{sentence.key}: '{_as_written(sentence.text, found)}' does not say before what"
                yield Remark(sentence.path, message, hint=_anchor_hint(sentence, [key for key, _ in asking], case))
                break


def _anchor_rows(sentence: _Sentence, case: Case) -> Iterator[tuple[str, Decision]]:
    """Items that ask from which day a sentence counts: about it, or marked on a rule of it."""
    marked = {mark for item in _ruled(sentence, case) for mark in item.marks}
    for key, row in case.protocol.decisions.items():
        if _ANCHOR_ASKED.search(row.asks or "") and (key in marked or is_about(case.file, row, sentence.path)):
            yield key, row


def _ruled(sentence: _Sentence, case: Case) -> Iterator[Item]:
    """A criterion and its parts, where they have rules."""
    for item in case.file.rules.items.values():
        if item.id.split(".")[0] == sentence.key and item.criterion.rule is not None:
            yield item


def _anchor_hint(sentence: _Sentence, asking: list[str], case: Case) -> str:
    if asking:
        return f"{', '.join(asking)} asks it: once it is decided, this is settled."
    if any(_ruled(sentence, case)):
        return "Its rule has an anchor that the sentence does not: list the choice as a question or an assumption."
    return "Name the anchor: before screening, before day 1."


def _as_written(text: str, found: FoundDuration) -> str:
    """An amount of time with the words that lead to it: `in the past 5 years`."""
    lead = re.search(rf"\b{found.relation}\b[\w\s]{{0,30}}$", text[: found.start], re.IGNORECASE)
    return text[lead.start() if lead else found.start : found.end]


def l34(case: Case) -> Iterator[Remark]:
    """One concept in months here and in weeks or days there."""
    for one, other in combinations(list(_drug_windows(case)), 2):
        units = (one.window.duration.whole_months is None, other.window.duration.whole_months is None)
        if one.drug.name == other.drug.name and units[0] != units[1] and one.sentence.top != other.sentence.top:
            message = (
                f"{one.drug.name}: {one.window.duration} in {one.sentence.key}, {other.window.duration} in "
                f"{other.sentence.key}; a month is 28 to 31 days"
            )
            yield Remark(other.sentence.path, message, hint="Use one unit.")


def l35(case: Case) -> Iterator[Remark]:
    """Two negations in one clause."""
    for sentence in _tops(case):
        found = _DOUBLE.search(sentence.text)
        if found:
            message = f"{sentence.key} negates twice: '{shortened(found[0], 60)}'"
            yield Remark(sentence.path, message, hint="Say it positively.")


def _tops(case: Case) -> Iterator[_Sentence]:
    rules = case.protocol.eligibility
    for block, criteria in (("include", rules.include), ("exclude", rules.exclude), ("other", rules.other)):
        for key, criterion in criteria.items():
            yield _Sentence(key, key, ("eligibility", block, key), criterion.says)


def _sentences(case: Case) -> Iterator[_Sentence]:
    """Criteria and their innermost parts; a criterion's own words only where no part repeats them."""
    rules = case.protocol.eligibility
    for block, criteria in (("include", rules.include), ("exclude", rules.exclude), ("other", rules.other)):
        for key, criterion in criteria.items():
            yield from _inner(key, key, criterion, ("eligibility", block, key))


def _inner(top: str, key: str, criterion: Criterion, path: KeyPath) -> Iterator[_Sentence]:
    yield _Sentence(top, key, path, criterion.says)
    for name, part in criterion.parts.items():
        yield from _inner(top, name, part, (*path, "parts", name))


def _drug_windows(case: Case) -> Iterator[_DrugWindow]:
    """Drugs with a window in sentences without a rule: `rituximab … within 6 months`, `Glucocorticoid-2 weeks`."""
    for sentence in _sentences(case):
        item = case.file.rules.items.get(sentence.key)
        if item is not None and item.criterion.rule is not None:
            continue  # what it means is written down: L58 looks at that
        drugs = find_drugs(sentence.text)
        windows = [
            found
            for found in find_durations(sentence.text)
            if found.relation in _WINDOW_WORDS or re.search(r"[-–:]\s*$", sentence.text[: found.start])
        ]
        if len(windows) == 1:
            for drug in drugs:
                yield _DrugWindow(sentence, drug, windows[0])


def _shared(one: FoundDrug, other: FoundDrug) -> str | None:
    """What two names have in common: the same drug or class, or a drug and the class it belongs to."""
    if one.name == other.name:
        return one.name
    for drug, word in ((one, other), (other, one)):
        if word.is_class and word.classes[0] in drug.classes:
            return word.classes[0]
    return None


def _item_twice(text: str) -> str | None:
    items = [item.strip().casefold() for item in re.split(r",|;|\bor\b|\band\b|\(|\)", text)]
    items = [re.sub(r"^(?:except(?: for)?|including|such as|e\.?g\.?)\s+", "", item) for item in items]
    seen: set[str] = set()
    for item in items:
        if len(item) > 8 and item in seen and not item.isdigit():
            return item
        seen.add(item)
    return None


def registered_years(text: str | None) -> int | None:
    """A registered age in whole years; None for one in months, or none at all."""
    match = re.fullmatch(r"(\d+) Years?", text or "")
    return int(match[1]) if match else None


def _stated_ages(text: str) -> tuple[int | None, int | None]:
    """Youngest and oldest age a sentence states in years."""
    if not re.search(r"\bage|years? old|years? of age", text, re.IGNORECASE):
        return None, None
    if match := re.search(r"\b(\d{1,3})\s*(?:-|–|to|and)\s*(\d{1,3})\s*years?\b", text, re.IGNORECASE):
        return int(match[1]), int(match[2])
    if match := re.search(
        r"(?:≥|>=|at least|older than or equal to|minimum age(?: of)?)\s*(\d{1,3})\s*years?", text, re.I
    ):
        return int(match[1]), None
    if match := re.search(
        r"\b(\d{1,3})\s*years?(?: of age| old)?\s*(?:or|and) (?:older|above|over)", text, re.IGNORECASE
    ):
        return int(match[1]), None
    return None, None


def collected_before_treatment(case: Case) -> str | None:
    """Names of everything done at screening and baseline: activities, and the items of the forms that record them.

    None where the protocol has no such visit.
    """
    visits = {name for name in case.protocol.visits if "screen" in name.casefold() or "baseline" in name.casefold()}
    if not visits:
        return None
    done = [name for name, where in case.protocol.activities.items() if visits.intersection(where.visits)]
    items = [item for form in case.protocol.forms.values() if set(form.records) & set(done) for item in form.items]
    return " | ".join([*done, *items])


CHECKS = (
    Check(
        "L26",
        "A criterion or an item is given twice",
        Severity.WARNING,
        "Where one item stands twice, another was probably lost on the way into the registry.",
        l26,
        fails="eligibility:\n  exclude:\n    E2:\n      says: Cancer (except skin cancer, skin cancer or cervical tumour)\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: Cancer (except skin cancer or cervical tumour)\n",
    ),
    Check(
        "L27",
        "The age differs from the registry's",
        Severity.ERROR,
        "Finders use the registry's age, coordinators the sentence; one of them sends people away wrongly.",
        l27,
        fails="eligibility:\n  include:\n    I1:\n      says: Age ≥ 21 years\n",
        passes="eligibility:\n  include:\n    I1:\n      says: Age ≥ 18 years\n",
    ),
    Check(
        "L28",
        "Two criteria give one drug different windows",
        Severity.CONFLICT,
        "A drug allowed after 12 weeks by one sentence and forbidden for 6 months by another decides who joins by who reads.",
        l28,
        fails=(
            "eligibility:\n  include:\n    I3:\n      says: Washout - infliximab -12 weeks\n  exclude:\n    E2:\n"
            "      says: Monoclonal antibodies within 6 months before screening\n"
        ),
        passes=(
            "eligibility:\n  include:\n    I3:\n      says: Washout - etanercept -12 weeks\n  exclude:\n    E2:\n"
            "      says: Monoclonal antibodies within 6 months before screening\n"
        ),
    ),
    Check(
        "L29",
        "An exclusion stands among the inclusions",
        Severity.WARNING,
        "A reader, or a program, that takes the list at its word requires what was meant to exclude.",
        l29,
        fails="eligibility:\n  include:\n    I3:\n      says: Excluding giant cell arteritis\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: Giant cell arteritis\n",
    ),
    Check(
        "L30",
        "No data can decide a criterion",
        Severity.WARNING,
        "What lies after screening cannot be known at screening.",
        l30,
        fails="eligibility:\n  exclude:\n    E2:\n      says: BCG vaccine was given within 12 months after screening\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: BCG vaccine was given within 12 months before screening\n",
    ),
    Check(
        "L31",
        "Criteria that only a person can decide",
        Severity.WARNING,
        "No record holds a judgement or a consent. Screening by data alone leaves these open.",
        l31,
        fails="eligibility:\n  exclude:\n    E1:\n      says: Any serious disease in the investigator's opinion\n",
        passes="eligibility:\n  exclude:\n    E1:\n      says: Platelets below 100 10*9/L at screening\n",
    ),
    Check(
        "L32",
        "Screening does not collect what eligibility needs",
        Severity.WARNING,
        "A criterion without its test stays unknown, and unknown is never met.",
        l32,
        fails="eligibility:\n  exclude:\n    E2:\n      says: HIV infection\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: HIV infection\nactivities:\n  HIV test: screening\n",
    ),
    Check(
        "L33",
        "Time words without an anchor",
        Severity.WARNING,
        "'Within 6 months' of what? Screening and the first dose are weeks apart, and both readings exclude other people. "
        "Where an item of the file asks for the day, the finding names it, and is gone once the item is decided.",
        l33,
        fails="eligibility:\n  exclude:\n    E2:\n      says: Rituximab within 6 months.\n",
        passes="eligibility:\n  exclude:\n    E2:\n      says: Rituximab within 6 months before screening.\n",
    ),
    Check(
        "L34",
        "Months here, weeks there",
        Severity.WARNING,
        "Four weeks are 28 days, a month is 28 to 31. For one drug use one unit.",
        l34,
        fails=(
            "eligibility:\n  include:\n    I3:\n      says: Prednisone - 4 weeks\n  exclude:\n    E2:\n"
            "      says: Prednisone above 10 mg within 1 month before screening\n"
        ),
        passes=(
            "eligibility:\n  include:\n    I3:\n      says: Prednisone - 4 weeks\n  exclude:\n    E2:\n"
            "      says: Prednisone above 10 mg within 4 weeks before screening\n"
        ),
    ),
    Check(
        "L35",
        "A double negative",
        Severity.WARNING,
        "'No participant without …' is read wrongly by half of its readers.",
        l35,
        fails="eligibility:\n  include:\n    I3:\n      says: Participants must not be without a caregiver\n",
        passes="eligibility:\n  include:\n    I3:\n      says: Participants must have a caregiver\n",
    ),
)
