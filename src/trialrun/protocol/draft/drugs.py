"""Arms and drugs of a draft: dose, route and days only where the prose states them for that drug alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trialrun.errors import shortened
from trialrun.protocol.draft.notebook import Names, Notebook
from trialrun.protocol.prose.doses import FoundDose, find_doses
from trialrun.protocol.prose.regimens import Regimen, read_regimen
from trialrun.protocol.prose.routes import find_routes
from trialrun.protocol.writing import Leaf, Tree
from trialrun.registry.reading import unescape
from trialrun.registry.record import Intervention, Record
from trialrun.vocabulary.dose import Amount, Basis, Dose

_DOSED = frozenset({"DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "DIETARY_SUPPLEMENT", "GENETIC"})
_LONGEST_SAYS = 4_000
_CHANGES = re.compile(
    r"\b(?:titrat|escalat|increas|doubled|reduc|taper|adjust|second (?:dose|\d+ weeks))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the record about one drug, and the field they stand in."""

    text: str
    where: str
    is_own: bool = True


def draft_arms(record: Record, notebook: Notebook) -> tuple[dict[str, Tree], dict[str, Tree]]:
    """The `arms` and `drugs` blocks."""
    names = Names()
    keys = [names.name(drug.name, "drug") for drug in record.arms.interventions]
    drugs: dict[str, Tree] = {key: _drug(record, index, key, notebook) for index, key in enumerate(keys)}
    arm_names = Names()
    arms: dict[str, Tree] = {}
    for index, arm in enumerate(record.arms.arm_groups):
        where = f"armGroups[{index}]"
        key = arm_names.name(arm.label, "arm")
        block: dict[str, Tree] = {"name": notebook.leaf(f"arms.{key}.name", arm.label or key, f"{where}.label")}
        if arm.type:
            block["type"] = Leaf(arm.type.replace("_", " ").lower())
        given = [
            keys[number]
            for number, drug in enumerate(record.arms.interventions)
            if _is_given(drug, arm.label, arm.intervention_names)
        ]
        if given:
            block["drugs"] = Leaf(", ".join(given))
        if arm.description:
            block["says"] = _says(arm.description)
        arms[key] = block
    notebook.element("arms: no arm is stated", is_read=bool(arms))
    return arms, drugs


def _is_given(drug: Intervention, label: str | None, names: tuple[str, ...]) -> bool:
    """Whether the record gives a drug to an arm, by the arm's list or the drug's."""
    listed = {name.partition(": ")[2] or name for name in names}
    return (drug.name or "") in listed or (label is not None and label in drug.arm_group_labels)


def _drug(record: Record, index: int, key: str, notebook: Notebook) -> dict[str, Tree]:
    drug = record.arms.interventions[index]
    passages = list(_passages(record, index))
    path = f"drugs.{key}"
    block: dict[str, Tree] = {
        "name": notebook.leaf(f"{path}.name", drug.name or key, f"interventions[{index}].name"),
        "kind": Leaf((drug.type or "not stated").replace("_", " ").lower()),
    }
    if drug.type in _DOSED:
        block |= _route(passages, path, notebook)
        regimen = _regimen(passages)
        block |= _dose(passages, path, regimen, notebook)
        block |= _days(passages, path, regimen, notebook)
    if drug.description:
        block["says"] = _says(drug.description)
    return block


def _says(text: str) -> Leaf:
    return Leaf(shortened(unescape(text), _LONGEST_SAYS))


def _passages(record: Record, index: int) -> Iterator[Passage]:
    """Texts that speak of this drug alone: its own, and those of arms that are given nothing else.

    The description of a trial with one drug is looked at for contradictions, never as the only source: it speaks
    of other days and other doses too.
    """
    drug = record.arms.interventions[index]
    if drug.description:
        yield Passage(unescape(drug.description), f"interventions[{index}].description")
    if drug.name and any(character.isdigit() for character in drug.name):
        yield Passage(unescape(drug.name), f"interventions[{index}].name")
    alone = len(record.arms.interventions) == 1
    arms = [
        (number, arm)
        for number, arm in enumerate(record.arms.arm_groups)
        if len(arm.intervention_names) == 1 and _is_given(drug, arm.label, arm.intervention_names)
    ]
    if len(arms) == 1 and arms[0][1].description:
        yield Passage(unescape(arms[0][1].description), f"armGroups[{arms[0][0]}].description")
    if alone and len(record.arms.arm_groups) <= 1:
        for name, text in (
            ("detailedDescription", record.description.detailed_description),
            ("briefSummary", record.description.brief_summary),
        ):
            if text:
                yield Passage(unescape(text), name, is_own=False)


def _route(passages: list[Passage], path: str, notebook: Notebook) -> dict[str, Tree]:
    for passage in (passage for passage in passages if passage.is_own):
        routes = find_routes(passage.text)
        if len({route.route for route in routes}) == 1:
            notebook.element(f"{path}.route", is_read=True)
            first = routes[0]
            words = passage.text[first.start : first.end]
            return {"route": notebook.leaf(f"{path}.route", first.route, passage.where, words=words)}
        if routes:
            break
    notebook.element(f"{path}: no route, or several, in the text", is_read=False)
    return {"route": Leaf("not stated")}


def _regimen(passages: list[Passage]) -> tuple[Regimen, Passage] | None:
    """The regimen of the first text that has one; days by name win over a frequency."""
    own = [passage for passage in passages if passage.is_own]
    read = [(regimen, passage) for passage in own if (regimen := read_regimen(passage.text))]
    explicit = [found for found in read if found[0].explicit]
    chosen = explicit or read
    if len({str(regimen.days) for regimen, _ in chosen}) > 1:
        return None
    return chosen[0] if chosen else None


def _days(
    passages: list[Passage], path: str, found: tuple[Regimen, Passage] | None, notebook: Notebook
) -> dict[str, Tree]:
    notebook.element(f"{path}: no dosing days that can be read one way", is_read=found is not None)
    if found is None:
        texts = [shortened(passage.text, 200) for passage in passages[:2]]
        mark = notebook.ask(f"{path}: on which days is it given?", "dose orders", path, texts)
        return {"days": Leaf("not stated", mark)}
    regimen, passage = found
    mark = (
        ""
        if regimen.explicit
        else notebook.assume(
            "Doses are counted from day 1, at the interval the text gives.", "as written", "dose orders"
        )
    )
    block: dict[str, Tree] = {
        "days": notebook.leaf(f"{path}.days", str(regimen.days), passage.where, words=regimen.text, mark=mark)
    }
    if regimen.times_a_day > 1:
        block["times a day"] = Leaf(str(regimen.times_a_day))
    if regimen.cycle_days is not None:
        block["cycle"] = Leaf(f"{regimen.cycle_days} days")
        block["cycles"] = Leaf(str(regimen.cycles) if regimen.cycles else "until stopped")
    return block


def _dose(
    passages: list[Passage],
    path: str,
    regimen: tuple[Regimen, Passage] | None,
    notebook: Notebook,
) -> dict[str, Tree]:
    stated = [(dose, passage) for passage in passages for dose in find_doses(passage.text)]
    if not any(passage.is_own for _, passage in stated):
        stated = []
    usable = [(found, passage) for found, passage in stated if _is_usable(found, regimen)]
    distinct = _distinct([found.dose for found, _ in usable])
    changes = any(_CHANGES.search(passage.text) for _, passage in usable)
    is_read = len(distinct) == 1 and len(usable) == len(stated) and not changes
    if len(distinct) == 2 and _same_number(*distinct) and len(usable) == len(stated):
        notebook.element(f"{path}.dose: two readings", is_read=True)
        return {"dose": _contradiction(distinct, usable, path, notebook)}
    notebook.element(f"{path}: {'several doses' if stated else 'no dose'} in the text", is_read=is_read)
    if not is_read:
        texts = list(dict.fromkeys(shortened(found.text, 60) for found, _ in stated))[:8]
        mark = notebook.ask(f"{path}: which dose is given each time?", "dose orders", path, texts)
        return {"dose": Leaf("not stated", mark)}
    found, passage = usable[0]
    return {"dose": notebook.leaf(f"{path}.dose", str(found.dose), passage.where, words=found.text)}


def _is_usable(found: FoundDose, regimen: tuple[Regimen, Passage] | None) -> bool:
    """A range is no dose, nor is an amount per day that is given in parts."""
    times = regimen[0].times_a_day if regimen else 1
    return found.low is None and not (found.per_day and times > 1)


def _distinct(doses: list[Dose]) -> list[Dose]:
    """Doses that differ in amount or basis; a bare "units" is the international unit that stands elsewhere."""
    units = {dose.amount.unit for dose in doses}
    found: list[Dose] = []
    for dose in doses:
        unit = "IU" if dose.amount.unit == "U" and "IU" in units else dose.amount.unit
        plain = Dose(Amount(dose.amount.value, unit), dose.basis)
        if plain not in found:
            found.append(plain)
    return found


def _same_number(one: Dose, other: Dose) -> bool:
    """One amount, once flat and once per body size: a contradiction rather than two doses."""
    return one.amount == other.amount and Basis.FLAT in (one.basis, other.basis)


def _contradiction(
    distinct: list[Dose], usable: list[tuple[FoundDose, Passage]], path: str, notebook: Notebook
) -> Leaf:
    sized = next(dose for dose in distinct if dose.basis is not Basis.FLAT)
    flat = next(dose for dose in distinct if dose.basis is Basis.FLAT)
    name = f"per {sized.basis}"
    texts = []
    for basis in (sized.basis, Basis.FLAT):
        found, passage = next((found, passage) for found, passage in usable if found.dose.basis is basis)
        texts.append(f"{passage.where}: {shortened(_around(passage.text, found), 160)}")
    options: dict[str, Tree] = {name: Leaf(str(sized)), "flat": Leaf(str(flat))}
    mark = notebook.conflict(
        f"{path}: is the dose flat or per body size?",
        texts,
        {"options": options, "sets": Leaf(f"{path}.dose"), "proposal": Leaf(name), "blocks": Leaf("dose orders")},
    )
    found, passage = next((found, passage) for found, passage in usable if found.dose.basis is sized.basis)
    return notebook.leaf(f"{path}.dose", str(sized), passage.where, words=found.text, mark=mark)


def _around(text: str, found: FoundDose) -> str:
    """A few whole words before and behind a dose."""
    before, after = text[: found.start].split()[-5:], text[found.end :].split()[:7]
    return " ".join([*before, found.text, *after])
