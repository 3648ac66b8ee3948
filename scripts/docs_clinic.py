"""The page of the virtual clinic's numbers: every parameter with its source, and pictures of people made with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from scripts.charts import bars, lines
from trialrun.patients.clinic.parameters import Parameter, shipped_parameters
from trialrun.patients.clinic.people import DEFAULT_DAY, clean_person, made_up_person
from trialrun.patients.person import Event, Person, Sex
from trialrun.vocabulary.concepts import Domain

FOLDER = "clinic"
PEOPLE = 1_000
SEED = "docs"
_HEAD = f"""# The virtual clinic in numbers

*Generated from the program; do not edit.* How to use the clinic: [virtual-clinic.md](virtual-clinic.md).

**These people are made up.** The numbers make them plausible; they claim no prevalence anywhere, and most of them are
assumed by us, which is said of each. The pictures show {PEOPLE:,} people (seed `{SEED}`, records as of {DEFAULT_DAY}).
"""
_FIXED = """### Fixed in the program

Some things are no parameters. All of them are assumed:

- which drug goes with which diagnosis, and its usual dose (`catalogue.yaml`); the steps of a taper above 10 mg (60, 50, 40, 30,
  25, 20, 15, 12.5, 10); a relapse adds 5 mg, to at most 25
- how strong a flare is (0.35 to 0.9 of the first), and that results follow it from 14 days before treatment; ESR, blood count and
  albumin half as fast as CRP
- by how much activity, prednisone, age and other diseases move each result (written beside the parameter they move)
- which levels of a person go together: AST and GGT with ALT (correlation 0.7 and 0.5), ESR with CRP (0.6)
- how stiffness, global activity, DAS28 and elevation of the arms follow activity
- tocilizumab leaves a tenth of the CRP and three tenths of the ESR
- how long infections and stays in hospital last, and the days of vaccine doses
"""
_MAIN = {
    "M35.3": "polymyalgia rheumatica", "M31.6": "giant cell arteritis", "M05.9": "rheumatoid arthritis",
    "M06.9": "rheumatoid arthritis", "M17.9": "osteoarthritis", "M10.9": "gout",
}  # fmt: skip
_CORTISONES = ("prednisone", "prednisolone", "methylprednisolone")
_ON = DEFAULT_DAY.toordinal()


def pages() -> dict[str, str]:
    """The page and its pictures: path under docs/ -> text."""
    pictures = {name: draw() for name, draw in _PICTURES.items()}
    parts = [_HEAD, "## Pictures\n"]
    for name, text in pictures.items():
        title = text.split("<title>")[1].split("</title>")[0]
        told = text.split("<desc>")[1].split("</desc>")[0]
        parts.append(f"![{title}]({FOLDER}/{name}.svg)\n\n*{title}.* {told}\n")
    parts += ["## Parameters\n", _parameters(), _FIXED, "## Sources\n", _sources()]
    return {
        "virtual-clinic-numbers.md": "\n".join(parts),
        **{f"{FOLDER}/{n}.svg": text for n, text in pictures.items()},
    }


def _parameters() -> str:
    sections: dict[str, list[Parameter]] = {}
    for one in shipped_parameters():
        sections.setdefault(one.section, []).append(one)
    parts = []
    for section, rows in sections.items():
        parts.append(f"### {section}\n\n| parameter | value | source | |\n|---|---|---|---|")
        parts += [f"| {one.name} | {_value(one)} | {one.source} | {one.says} |" for one in rows]
        parts.append("")
    return "\n".join(parts)


def _value(one: Parameter) -> str:
    value = one.value
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        total = sum(value.values())
        return ", ".join(f"{word} {100 * weight / total:.0f} %" for word, weight in value.items())
    if one.kind == "by age":
        rows = [f"from {age}: {women:g} / {men:g}" for age, (women, men) in value]  # type: ignore[misc]
        return "women / men " + ", ".join(rows)
    first, second = value
    word = {"between": f"{first:g} to {second:g}", "normal": f"{first:g}, SD {second:g}"}
    return word.get(one.kind, f"median {first:g}, SD of the logarithm {second:g}")


def _sources() -> str:
    shipped = shipped_parameters()
    assumed = sum(one.source == "assumed" for one in shipped)
    every = len(list(shipped))
    rows = [f"| {name} | {source['cites']} | {source['seen']} |" for name, source in shipped.sources.items()]
    head = f"{assumed} of {every} parameters are *assumed*: chosen by us, without a source.\n\n"
    return head + "\n".join(["| source | what it is | what of it was seen |", "|---|---|---|", *rows]) + "\n"


# --- the people of the pictures -------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _people() -> tuple[Person, ...]:
    return tuple(clean_person(number, SEED) for number in range(1, PEOPLE + 1))


def _diagnosis(person: Person) -> str:
    codes = [event.source_code for event in person.events if "-main-" in event.id and event.domain is Domain.CONDITION]
    return next((_MAIN[code] for code in codes if code in _MAIN), "none")


def _of(name: str) -> list[Person]:
    return [person for person in _people() if _diagnosis(person) == name]


def _age(person: Person, when: int = _ON) -> float:
    assert person.birth is not None
    return (when - person.birth.first.toordinal()) / 365.25


def _day(event: Event) -> int:
    assert event.start is not None
    return event.start.first.toordinal()


def _percent(hits: int, of: int) -> float:
    return round(100 * hits / of, 1) if of else 0.0


def _main_diagnoses() -> str:
    counts = Counter(map(_diagnosis, _people()))
    names = list(shipped_parameters().weights("clinic", "main diagnosis"))
    return bars("What brings people to the clinic", [(n, [_percent(counts[n], PEOPLE)]) for n in names], unit="%")


def _ages() -> str:
    rows = []
    for low in range(20, 100, 10):
        some = [person for person in _people() if low <= _age(person) < low + 10]
        women = sum(person.sex is Sex.FEMALE for person in some)
        rows.append((f"{low} to {low + 9} years", [_percent(women, PEOPLE), _percent(len(some) - women, PEOPLE)]))
    return bars("Age and sex", rows, unit="%", series=("women", "men"))


def _histogram(title: str, values: Iterable[float], edges: list[float], unit: str) -> str:
    found = list(values)
    rows = []
    for low, high in zip(edges, [*edges[1:], float("inf")], strict=True):
        name = f"{low:g} to below {high:g} {unit}" if high < float("inf") else f"{low:g} {unit} and more"
        rows.append((name, [_percent(sum(low <= value < high for value in found), len(found))]))
    return bars(f"{title} ({len(found)} people)", rows, unit="%")


def _at_onset(words: str) -> Callable[[], list[float]]:
    def values() -> list[float]:
        found = []
        for person in _of("polymyalgia rheumatica"):
            onset = min(_day(event) for event in person.events if "-main-" in event.id)
            near = [e.value for e in person.events if e.source_text == words and abs(_day(e) - onset) <= 14]
            found += [value for value in near[:1] if value is not None]
        return found

    return values


def _esr() -> str:
    values = _at_onset("Erythrocyte sedimentation rate")()
    return _histogram(
        "ESR within two weeks of diagnosis, polymyalgia rheumatica", values, [0, 20, 40, 60, 80, 100], "mm/h"
    )


def _crp() -> str:
    values = _at_onset("C reactive protein")()
    return _histogram(
        "CRP within two weeks of diagnosis, polymyalgia rheumatica", values, [0, 5, 20, 40, 60, 80, 100], "mg/L"
    )


def _taper() -> str:
    """The dose in each week since the start, of everybody whose record reaches it."""
    points = []
    for week in range(0, 105, 4):
        doses = []
        for person in _of("polymyalgia rheumatica"):
            courses = [event for event in person.events if "-main-" in event.id and event.source_text in _CORTISONES]
            when = _day(courses[0]) + week * 7
            if when <= _ON:
                doses.append(sum(_prednisone(event) for event in courses if _takes(event, when)))
        if len(doses) >= 20:
            doses.sort()
            points.append((float(week), *(doses[round(share * (len(doses) - 1))] for share in (0.25, 0.5, 0.75))))
    ticks = {float(week): f"{week}" for week in range(0, int(points[-1][0]) + 1, 26)}
    return lines(
        "Prednisone or as much of another, polymyalgia rheumatica",
        [(x, low, middle, high) for x, low, middle, high in points],
        across="weeks since treatment began",
        up="mg a day",
        ticks=ticks,
    )


def _prednisone(event: Event) -> float:
    assert event.dose is not None
    return event.dose / (0.8 if event.source_text == "methylprednisolone" else 1.0)


def _takes(event: Event, when: int) -> bool:
    return _day(event) <= when and (event.end is None or when <= event.end.first.toordinal())


def _others() -> str:
    from trialrun.patients.clinic.catalogue import catalogue

    rows = []
    old = [person for person in _people() if _age(person) >= 65]
    young = [person for person in _people() if _age(person) < 65]
    for name in shipped_parameters().names("comorbidity", "by age"):
        code = catalogue().conditions[name].code
        codes = {code, "N18.4"} if name == "chronic kidney disease" else {code}

        def with_it(some: list[Person], codes: set[str] = codes) -> float:
            return _percent(
                sum(any("-other-" in e.id and e.source_code in codes for e in p.events) for p in some), len(some)
            )

        rows.append((name, [with_it(young), with_it(old)]))
    return bars("Other diseases", rows, unit="%", series=("below 65 years", "65 and older"))


def _clearance() -> str:
    """Cockcroft and Gault, from the last creatinine and weight."""
    points = []
    for low in range(20, 95, 5):
        values = sorted(
            found for person in _people() if low <= _age(person) < low + 5 and (found := _cockcroft(person)) is not None
        )
        if len(values) >= 8:
            points.append((float(low), *(values[round(share * (len(values) - 1))] for share in (0.25, 0.5, 0.75))))
    ticks = {float(age): str(age) for age in range(20, int(points[-1][0]) + 1, 10)}
    return lines(
        "Creatinine clearance by age",
        [(x, low, middle, high) for x, low, middle, high in points],
        across="age in years",
        up="mL/min (Cockcroft and Gault)",
        ticks=ticks,
    )


def _cockcroft(person: Person) -> float | None:
    last = {e.source_text: e.value for e in person.events if e.source_text in ("Creatinine", "Body weight")}
    creatinine, weight = last.get("Creatinine"), last.get("Body weight")
    if creatinine is None or weight is None:
        return None
    return (140 - _age(person)) * weight * (0.85 if person.sex is Sex.FEMALE else 1.0) / (72 * creatinine)


def _mess() -> str:
    """Of everything that can be so: how much is."""
    could: Counter[str] = Counter()
    did: Counter[str] = Counter()
    for number, clean in enumerate(_people()[:300], 1):
        recorded = {event.id: event for event in made_up_person(number, SEED).events}
        for event in clean.events:
            messy = recorded[event.id]
            for name, (can, does) in _MESS.items():
                if can(event):
                    could[name] += 1
                    did[name] += does(event, messy)
            for ending in ("copy", "future"):
                could[ending] += 1
                did[ending] += f"{event.id}-{ending}" in recorded
    words = {"copy": "a second copy beside it", "future": "a copy in the future beside it"}
    return bars(
        "Messiness, of the rows that can have it",
        [(words.get(n, n), [_percent(did[n], could[n])]) for n in could],
        unit="%",
    )


_MESS: dict[str, tuple[Callable[[Event], bool], Callable[[Event, Event], bool]]] = {
    "result without unit": (lambda e: bool(e.unit_source), lambda e, m: not m.unit_source),
    "result in another unit": (lambda e: bool(e.unit_source), lambda e, m: m.unit_source not in ("", e.unit_source)),
    "limits missing": (lambda e: e.high is not None, lambda e, m: m.high is None),
    "drug without a dose": (lambda e: e.dose is not None, lambda e, m: m.dose is None),
    "drug without a code": (lambda e: e.domain is Domain.DRUG and bool(e.source_code), lambda e, m: not m.source_code),
    "ended disease goes on": (
        lambda e: e.domain is Domain.CONDITION and e.end is not None,
        lambda e, m: m.end is None,
    ),
    "date to month or year": (
        lambda e: e.domain in (Domain.CONDITION, Domain.DRUG, Domain.PROCEDURE),
        lambda e, m: m.start is not None and m.start.day is None,
    ),
}

_PICTURES: dict[str, Callable[[], str]] = {
    "diagnoses": _main_diagnoses,
    "ages": _ages,
    "esr": _esr,
    "crp": _crp,
    "taper": _taper,
    "other-diseases": _others,
    "clearance": _clearance,
    "messiness": _mess,
}
