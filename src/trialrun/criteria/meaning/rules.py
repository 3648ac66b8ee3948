"""Rules: their parts by Kleene's logic, their atoms by the other files of this folder."""

from __future__ import annotations

from dataclasses import replace

from trialrun.criteria.meaning.case import Case
from trialrun.criteria.meaning.drugs import each, stopped, unchanged
from trialrun.criteria.meaning.events import happened
from trialrun.criteria.meaning.finding import Finding, Gap, Reason, merged
from trialrun.criteria.meaning.values import compared, found
from trialrun.criteria.model import (
    AllOf,
    AnyOf,
    Asked,
    AtLeast,
    Comparison,
    Each,
    Except,
    Found,
    Happened,
    IfThen,
    Not,
    Part,
    Rule,
    SexIs,
    Stopped,
    Unchanged,
    atoms,
)
from trialrun.criteria.truth import all_of, any_of, at_least, opposite
from trialrun.patients.person import Sex


def evaluate(item: str, case: Case) -> Finding:
    """The answer to a criterion, or to a part of one, for one person.

    What a person answered under the item's id settles its question. Where the rule asks no question, their answer
    fills what the record leaves unknown. It never overrides what rows decide, but silence gives way to it: that
    nothing is recorded counts as no only as long as nobody says otherwise.

    Args:
        item: The id: `I1`, `E9.a`.
        case: The person, the anchors, the answers and all rules.

    Returns:
        True, False or unknown, with the rows that decided and what is missing.
    """
    if item not in case.findings:
        case.findings[item] = _answered(item, case)
    return case.findings[item]


def _answered(item: str, case: Case) -> Finding:
    rule = case.rules[item]
    finding = _evaluate(rule, case, item)
    name = whole_id(rule, item)
    given = case.answers.get(name) if name is not None else None
    if given is None or given.answer is None:
        return finding
    said = f"{name}: {'yes' if given.answer else 'no'}, by {given.by} on {given.on}"
    if finding.truth is None:
        return replace(finding, truth=given.answer, notes=(said, *finding.notes), answered=True)
    if finding.truth is not given.answer:
        if finding.assumed:
            open_case = replace(case, silence_counts=False, findings={})
            if _evaluate(rule, open_case, item).truth is None:
                notes = (f"{said}, though nothing is recorded", *finding.notes)
                return replace(finding, truth=given.answer, decided=(), assumed=(), notes=notes, answered=True)
        return replace(finding, notes=(*finding.notes, f"{said}, but the record says otherwise and is followed"))
    return finding


def question_ids(rule: Rule, item: str) -> dict[Asked, str]:
    """Under which id each question of a rule is answered: the part's own, or `id/2` for the second of several."""
    asked = list(dict.fromkeys(atom for atom in atoms(rule) if isinstance(atom, Asked)))
    if len(asked) == 1:
        return {asked[0]: item}
    return {question: f"{item}/{number}" for number, question in enumerate(asked, 1)}


def whole_id(rule: Rule, item: str) -> str | None:
    """Under which id an item is answered as a whole, in place of a record; None where its rule is a question alone.

    Where a rule asks one question beside the record (E7), the item's own id answers the question: the whole is `E7/whole`.
    """
    if isinstance(rule, Asked):
        return None
    return f"{item}/whole" if item in question_ids(rule, item).values() else item


def _evaluate(rule: Rule, case: Case, item: str) -> Finding:
    match rule:
        case AllOf(rules=rules):
            parts = [_evaluate(inner, case, item) for inner in rules]
            return merged(all_of(part.truth for part in parts), parts)
        case AnyOf(rules=rules):
            parts = [_evaluate(inner, case, item) for inner in rules]
            return merged(any_of(part.truth for part in parts), parts)
        case AtLeast(number=number, rules=rules):
            parts = [_evaluate(inner, case, item) for inner in rules]
            return _counted(number, parts)
        case Not(rule=inner):
            return _opposite(_evaluate(inner, case, item))
        case IfThen(condition=condition, then=then):
            first = _opposite(_evaluate(condition, case, item))
            second = _evaluate(then, case, item)
            return merged(any_of((first.truth, second.truth)), (first, second))
        case Except(rule=inner, but=but):
            first, second = _evaluate(inner, case, item), _opposite(_evaluate(but, case, item))
            return merged(all_of((first.truth, second.truth)), (first, second))
        case Part(id=name):
            return evaluate(name, case)
        case _:
            return _atom(rule, case, item)


def _atom(rule: Rule, case: Case, item: str) -> Finding:
    match rule:
        case Comparison():
            return compared(rule, case)
        case Found():
            return found(rule, case)
        case SexIs(sex=sex):
            return _sex(sex, case)
        case Happened():
            return happened(rule, case)
        case Unchanged():
            return unchanged(rule, case)
        case Stopped():
            return stopped(rule, case)
        case Each():
            return each(rule, case)
        case Asked():
            whole = case.rules[item]
            return _asked(rule, item if whole is rule else question_ids(whole, item)[rule], case)
        case _:
            raise AssertionError(f"{rule!r} is no atom")


def _sex(wanted: str, case: Case) -> Finding:
    sex = case.history.person.sex
    if sex is None or sex is Sex.OTHER:
        recorded = "not recorded" if sex is None else "recorded as other"
        return Finding(None, (Gap(Reason.NO_SEX, f"the sex is {recorded}"),))
    return Finding(sex.value == wanted, notes=(f"sex: {sex.value}",))


def _asked(rule: Asked, item: str, case: Case) -> Finding:
    given = case.answers.get(item)
    words = f'{rule.who.value} {rule.verb} "{rule.words}"'
    if given is None or given.answer is None:
        said = "" if given is None else f": {given.by} does not know"
        return Finding(None, (Gap(Reason.NEEDS_PERSON, f"{words} [{item}]{said}", who=f"the {rule.who.value}"),))
    return Finding(given.answer, notes=(f"{item}: {'yes' if given.answer else 'no'}, by {given.by} on {given.on}",))


def _opposite(finding: Finding) -> Finding:
    return replace(finding, truth=opposite(finding.truth))


def _counted(number: int, parts: list[Finding]) -> Finding:
    """`at least 2 of`: the true ones carry a yes, the false ones a no."""
    return merged(at_least(number, (part.truth for part in parts)), parts)
