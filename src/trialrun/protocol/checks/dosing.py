"""Checks of dosing: words against values, days, units, body size, holds, duties."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date, timedelta

from trialrun.errors import InputError, shortened
from trialrun.protocol.checks.findings import Case, Check, Remark, Severity
from trialrun.protocol.model import Criterion, Drug
from trialrun.protocol.prose.doses import FoundDose, find_doses
from trialrun.protocol.prose.durations import find_durations
from trialrun.protocol.prose.regimens import count_in_words
from trialrun.protocol.prose.routes import find_routes
from trialrun.protocol.schedule.planner import Planner
from trialrun.protocol.source import KeyPath
from trialrun.protocol.timing import FromAnchor, OnDay
from trialrun.registry.reading import unescape
from trialrun.vocabulary.calendar import WEEKDAYS, Duration
from trialrun.vocabulary.dose import Amount, Basis, Dose, unit_kind

_GIVEN = frozenset({"drug", "biological", "combination product", "dietary supplement", "genetic"})


def l14(case: Case) -> Iterator[Remark]:
    """Doses on closed days, counted over starts in 36 weeks of a year; or no closed days stated at all."""
    calendar = case.protocol.calendar
    if not calendar.closed_days and not calendar.holidays:
        if any(drug.days is not None for drug in case.protocol.drugs.values()) or case.protocol.visits:
            yield Remark(
                ("calendar",),
                "no closed days and no holidays are stated, so doses and visits may be planned for any day",
                hint="Say 'closed days: Sat, Sun' and 'holidays:' with the country's code, or accept it.",
            )
        return
    try:
        planner = Planner(case.protocol, next(iter(case.protocol.arms), None))
        total = sum(len(plan.offsets) for plan in planner.plans)
        closed = {day: _mean_closed(planner, day, case.today.year) for day in range(7)} if total else {}
    except InputError as error:
        yield Remark(("calendar", "holidays"), error.message)
        return
    if not closed:
        return
    best = min(closed, key=lambda day: closed[day])
    allowed = [WEEKDAYS.index(day) for day in calendar.start_on] or list(range(7))
    now = sum(closed[day] for day in allowed) / len(allowed)
    if now >= 0.5:
        starts = " or ".join(calendar.start_on) or "any weekday"
        message = (
            f"on average {now:.1f} of {total} doses fall on a closed day (day 1 on {starts}; "
            f"{closed[best]:.1f} with {WEEKDAYS[best]}; mean of the starts in the first 36 weeks of {case.today.year})"
        )
        yield Remark(
            ("calendar",), message, hint="Say 'start on', widen the dose windows, or choose what happens when closed."
        )


def l17(case: Case) -> Iterator[Remark]:
    """Texts that state different doses of one drug, or another dose than the file."""
    for key, drug in case.protocol.drugs.items():
        stated = [(where, found) for where, text in _texts(case, drug) for found in find_doses(text)]
        if drug.dose is not None:
            stated.insert(0, ("this file", FoundDose(drug.dose, None, False, 0, 0, str(drug.dose))))
        clash = _clash(stated)
        if clash is not None:
            (one_where, one), (other_where, other) = clash
            message = f"the dose is {one.text} in {_in(one_where)}, but {other.text} in {_in(other_where)}"
            texts = (f"{one_where}: {one.text}", f"{other_where}: {other.text}")
            yield Remark(("drugs", key, "dose"), message, texts, "Record a conflict and let the investigator decide.")


def l18(case: Case) -> Iterator[Remark]:
    """A route in words that is not the drug's route."""
    for key, drug in case.protocol.drugs.items():
        said = {found.route for found in find_routes(drug.says or "")}
        if said and drug.route != "not stated" and drug.route not in said:
            message = f"the words say {' and '.join(sorted(said))}, the route is {drug.route}"
            yield Remark(("drugs", key, "route"), message)


def l19(case: Case) -> Iterator[Remark]:
    """A drug without a dose or dosing days."""
    for key, drug in _dosed(case):
        stated = (("dose", drug.dose is not None), ("dosing days", drug.days is not None))
        lacking = [name for name, is_there in stated if not is_there]
        if lacking:
            hint = "It cannot be ordered or planned. Write them; what has no amount, such as a placebo, is 'kind: placebo'."
            yield Remark(("drugs", key), f"{drug.name}: {' and '.join(lacking)} not stated", hint=hint)


def l55(case: Case) -> Iterator[Remark]:
    """A drug without a route."""
    for key, drug in _dosed(case):
        if drug.route == "not stated":
            yield Remark(("drugs", key), f"{drug.name}: route not stated", hint="Write how it is given: route: oral")


def l21(case: Case) -> Iterator[Remark]:
    """As many dosing days as the words come to."""
    for key, drug in case.protocol.drugs.items():
        if drug.days is None or drug.days.open_series or drug.cycle:
            continue
        for where, text in _texts(case, drug):
            count = count_in_words(text)
            if count is not None and count != len(drug.days):
                message = f"{len(drug.days)} dosing days, but {_in(where)} come to {count}"
                yield Remark(("drugs", key, "days"), message)
                break


def l22(case: Case) -> Iterator[Remark]:
    """A dose per body size without the measurements or the formula it needs."""
    for key, drug in case.protocol.drugs.items():
        if drug.dose is None or drug.dose.basis is Basis.FLAT:
            continue
        path: KeyPath = ("drugs", key, "dose")
        lacking = dict(_body_size_lines(drug))
        hint = f"Write below '{key}':\n    body size:" + "".join(f"\n      {line}" for line in lacking.values())
        for message in lacking:
            yield Remark(path, message, hint=hint or None)
            hint = ""  # one block mends all of them
        needed = ("height", "weight") if drug.dose.basis is Basis.PER_M2 else ("weight",)
        for what in needed:
            visit = getattr(drug.body_size, what)
            if visit is not None and not _is_measured(case, what, visit):
                yield Remark(
                    path, f"{what} is not measured at '{visit}'", hint=f"Add '{what}' to the activities there."
                )


def _body_size_lines(drug: Drug) -> Iterator[tuple[str, str]]:
    """What the body size of a dose lacks, and the line that says it."""
    assert drug.dose is not None
    if drug.dose.basis is Basis.PER_M2 and drug.body_size.formula is None:
        yield "a dose per m2 needs a formula of body surface area", "formula: Mosteller"
    if drug.dose.basis is Basis.PER_M2 and drug.body_size.height is None:
        yield "which visit's height counts is not said", "height: baseline"
    if drug.body_size.weight is None:
        yield "which visit's weight counts is not said", "weight: baseline"


def l23(case: Case) -> Iterator[Remark]:
    """A dose per body size without rounding or cap."""
    for key, drug in case.protocol.drugs.items():
        if drug.dose is None or drug.dose.basis is Basis.FLAT:
            continue
        lacking = [name for name, value in (("rounding", drug.round_to), ("cap", drug.cap)) if value is None]
        if lacking:
            message = f"{drug.name}: no {' and no '.join(lacking)} for a dose per {drug.dose.basis}"
            yield Remark(("drugs", key, "dose"), message, hint="Say 'round' and 'cap', or accept that there is none.")


def l24(case: Case) -> Iterator[Remark]:
    """Hold rules that rest on a test done less often than doses are given."""
    for key, drug in case.protocol.drugs.items():
        tests = [(test, index) for index, rule in enumerate(drug.hold) for test in _tests(case, rule.condition)]
        for test in dict.fromkeys(test for test, _ in tests):
            gap = _longest_gap(case, drug, test)
            if gap is not None and gap[0] > 3:
                first = next(index for name, index in tests if name == test)
                message = (
                    f"hold rules rest on '{test}', but up to {gap[0]} doses are given between two tests "
                    f"(days {gap[1]} to {gap[2]})"
                )
                yield Remark(("drugs", key, "hold", first), message, hint="Test more often, or accept it.")


def l25(case: Case) -> Iterator[Remark]:
    """A duty of participants that outlasts the study."""
    last = _follow_up_days(case)
    if last is None:
        return
    for key, criterion in _criteria(case):
        for found in find_durations(criterion.says):
            words = criterion.says[max(0, found.start - 12) : found.end + 40]
            after = _DUTY.search(criterion.says[found.end : found.end + 40])
            if after is None or found.duration.typical_days <= last:
                continue
            block = {"I": "include", "E": "exclude"}.get(key[0], "other")
            message = (
                f"{key}: a duty of {found.duration} after {after['what']} outlasts the follow-up of about {last} days"
            )
            texts = (f"{key}: {shortened(words, 100)}", case.protocol.follow_up.says or "follow-up")
            yield Remark(("eligibility", block, key), message, texts, "Say who watches it once the study has ended.")
            break


_DUTY = re.compile(
    r"^\s+(?:after|following|of)\s+(?:the\s+)?(?P<what>(?:last|final|end|treatment|study|completion)\b\s*\w*)",
    re.IGNORECASE,
)


def _dosed(case: Case) -> Iterator[tuple[str, Drug]]:
    """What is given in doses: no procedures, devices or placebos."""
    return ((key, drug) for key, drug in case.protocol.drugs.items() if drug.kind in _GIVEN)


def _mean_closed(planner: Planner, weekday: int, year: int) -> float:
    """Doses on closed days for starts on one weekday, the mean over the first 36 weeks of a year.

    A course of about three months that starts later reaches into the next year, whose holidays may not be known yet.
    """
    first = date(year, 1, 1) + timedelta(days=(weekday - date(year, 1, 1).weekday()) % 7)
    counts = []
    for week in range(36):
        doses = planner.plan(first + timedelta(days=7 * week)).doses
        counts.append(sum(any("clos" in reason or "moved" in reason for reason in row.reasons) for row in doses))
    return sum(counts) / len(counts)


def _texts(case: Case, drug: Drug) -> Iterator[tuple[str, str]]:
    """Texts about a drug with the place they stand in; the record's general words where it is the only drug."""
    if drug.says:
        yield "says", drug.says
    alone = len(case.protocol.drugs) == 1
    if alone:
        yield from ((f"arm {key}", arm.says) for key, arm in case.protocol.arms.items() if arm.says)
    if alone and case.record is not None:
        if case.record.description.detailed_description:
            yield "description", unescape(case.record.description.detailed_description)
        arms = case.record.arms.arm_groups
        yield from (("arm", unescape(arm.description)) for arm in arms if arm.description)


def _in(where: str) -> str:
    """A place of `_texts` in words."""
    if where.startswith("arm "):
        return f"the words of {where}"
    return {
        "says": "the words below 'says'",
        "arm": "the words of the record's arm",
        "description": "the words of the record's description",
    }.get(where, where)


def _clash(
    stated: list[tuple[str, FoundDose]],
) -> tuple[tuple[str, FoundDose], tuple[str, FoundDose]] | None:
    """Two places that give one drug one amount on two bases, or the file another amount than every text."""
    for index, (where, found) in enumerate(stated):
        for other_where, other in stated[index + 1 :]:
            if _amount(found.dose) == _amount(other.dose) and found.dose.basis is not other.dose.basis:
                return (where, found), (other_where, other)
    if len(stated) > 1 and stated[0][0] == "this file":
        texts = stated[1:]
        if all(_amount(found.dose) != _amount(stated[0][1].dose) for _, found in texts):
            return stated[0], texts[0]
    return None


def _amount(dose: Dose) -> tuple[object, str]:
    """Amount in a base unit; "units" in prose stand for international units."""
    unit = dose.amount.unit
    for base in ("g", "IU", "L"):
        if unit_kind(unit) == unit_kind(base):
            return Amount(dose.amount.value, unit).to(base).value, base
    return dose.amount.value, "IU" if unit == "U" else unit


def _is_measured(case: Case, what: str, visit: str) -> bool:
    return any(
        visit in where.visits and re.search(rf"\b{what}\b|\bvital", activity, re.IGNORECASE)
        for activity, where in case.protocol.activities.items()
    )


def _tests(case: Case, condition: str) -> Iterator[str]:
    """Activities, and items of forms, that a hold rule names."""
    items = {item: form.records for form in case.protocol.forms.values() for item in form.items}
    names = {**{activity: (activity,) for activity in case.protocol.activities}, **items}
    for name, records in names.items():
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", condition, re.IGNORECASE):
            yield from (record for record in records[:1] if record in case.protocol.activities)


def _longest_gap(case: Case, drug: Drug, activity: str) -> tuple[int, int, int] | None:
    """The most doses between two tests, and the days of those tests."""
    where = case.protocol.activities[activity]
    if drug.days is None or where.dosing_days or where.spans or drug.cycle is not None:
        return None
    days = sorted(
        timing.when.day.number
        for name, timing in case.protocol.visits.items()
        if name in where.visits and isinstance(timing.when, OnDay) and timing.when.day.number > 0
    )
    edges = [*days, max([*drug.days.numbers, 1]) + 1]
    gaps = [
        (sum(first < number <= second for number in drug.days.numbers), first, second)
        for first, second in itertools.pairwise(edges)
    ]
    return max(gaps, default=None)


def _follow_up_days(case: Case) -> float | None:
    """How long after the last dose participants are followed: in words, or to the last visit."""
    stated: Duration | None = case.protocol.follow_up.after_last_dose
    if stated is not None:
        return round(stated.typical_days)
    last = max(
        [
            (t.when.last or t.when.day).offset.days
            if isinstance(t.when, OnDay)
            else round(t.when.duration.typical_days)
            for t in case.protocol.visits.values()
            if isinstance(t.when, OnDay | FromAnchor)
        ],
        default=None,
    )
    doses = [d.days.numbers[-1] for d in case.protocol.drugs.values() if d.days and d.days.numbers and not d.cycle]
    return None if last is None or not doses else max(0, last + 1 - max(doses))


def _criteria(case: Case) -> Iterator[tuple[str, Criterion]]:
    rules = case.protocol.eligibility
    for block in (rules.include, rules.exclude, rules.other):
        yield from block.items()


_HOLD = "drugs:\n  examplin:\n    hold:\n      - if: haemoglobin < 80 g/L\n        until: haemoglobin >= 100 g/L\n"

CHECKS = (
    Check(
        "L14",
        "Doses fall on closed days, or none are stated",
        Severity.WARNING,
        "A dose on a weekend or public holiday is missed or moved. The start weekday decides how many. A file that states "
        "no closed days plans for New Year's Day.",
        l14,
        fails=(
            "calendar:\n  closed days: Sat, Sun\n  start on: absent\ndrugs:\n  examplin:\n    days: 1-5, 8-12, 15-19\n"
        ),
        passes=(
            "calendar:\n  closed days: Sat, Sun\n  start on: Mon\ndrugs:\n  examplin:\n    days: 1-5, 8-12, 15-19\n"
        ),
    ),
    Check(
        "L17",
        "Two doses of one drug",
        Severity.CONFLICT,
        "A flat dose and a dose per body surface differ by 60 to 90 % at common body sizes. Until somebody decides, no dose "
        "may be ordered.",
        l17,
        fails="drugs:\n  examplin:\n    says: Examplin 200 mg by mouth once a week\n",
        passes="drugs:\n  examplin:\n    says: Examplin 100 mg by mouth once a week\n",
    ),
    Check(
        "L18",
        "The route differs from the words",
        Severity.ERROR,
        "A patch coded as oral, or an injection under the skin given into a vein, harms.",
        l18,
        fails="drugs:\n  examplin:\n    says: Examplin 100 mg subcutaneously\n",
        passes="drugs:\n  examplin:\n    says: Examplin 100 mg orally\n",
    ),
    Check(
        "L19",
        "A drug lacks a dose or dosing days",
        Severity.ERROR,
        "What is not stated cannot be ordered or planned: `schedule` shows no amount, or no dose at all.",
        l19,
        fails="drugs:\n  examplin:\n    dose: absent\n    days: absent\n",
        passes="",
        acceptable=False,
    ),
    Check(
        "L55",
        "A drug lacks a route",
        Severity.WARNING,
        "The same amount by mouth and into a vein are two treatments.",
        l55,
        fails="drugs:\n  examplin:\n    route: absent\n",
        passes="",
    ),
    Check(
        "L21",
        "Dosing days do not add up to the words",
        Severity.ERROR,
        "'Five days a week for four weeks, then weekly for eight' is 28 doses. Another number is a slip in one of the two.",
        l21,
        fails="drugs:\n  examplin:\n    days: 1, 8 ... 50\n    says: once a week for 12 weeks\n",
        passes="drugs:\n  examplin:\n    says: once a week for 12 weeks\n",
    ),
    Check(
        "L22",
        "Body size is not collected",
        Severity.ERROR,
        "A dose per m2 or kg needs a measured height and weight, at a visit that is named, and for m2 a formula.",
        l22,
        fails="drugs:\n  examplin:\n    dose: 100 mg per m2\n",
        passes=(
            "drugs:\n  examplin:\n    dose: 100 mg per m2\n    body size:\n      formula: Mosteller\n"
            "      height: screening\n      weight: baseline\nactivities:\n  height: screening\n  weight: baseline\n"
        ),
        acceptable=False,
    ),
    Check(
        "L23",
        "No rounding or cap",
        Severity.WARNING,
        "Without rounding the pharmacy decides; without a cap the heaviest participant gets what nobody intended.",
        l23,
        fails="drugs:\n  examplin:\n    dose: 2 mg per kg\n",
        passes="drugs:\n  examplin:\n    dose: 2 mg per kg\n    round: to 10 mg\n    cap: 200 mg\n",
    ),
    Check(
        "L24",
        "A hold rule rests on a rare test",
        Severity.WARNING,
        "A rule that stops doses on a value helps only where the value is known before the doses.",
        l24,
        fails=_HOLD + "activities:\n  blood count: baseline, week 12\n",
        passes=_HOLD + "activities:\n  blood count: dosing days\n",
    ),
    Check(
        "L25",
        "A duty outlasts the follow-up",
        Severity.CONFLICT,
        "Contraception or vaccine rules that run past the last visit are watched by nobody.",
        l25,
        fails=(
            "follow-up:\n  after last dose: 1 month\neligibility:\n  exclude:\n    E2:\n"
            "      says: Unwilling to use contraception until 6 months after the last dose\n"
        ),
        passes=(
            "follow-up:\n  after last dose: 6 months\neligibility:\n  exclude:\n    E2:\n"
            "      says: Unwilling to use contraception until 6 months after the last dose\n"
        ),
    ),
)
