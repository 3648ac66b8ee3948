"""Made-up people as FHIR R4 bundles: the same thousand for the same seed, with everything that makes a verdict hard.

No distribution here is that of any population. Values are placed on and around the limits of the benchmark's rules, and
a few of everything is missing: reference limits, units, doses, ends of treatments, days of birth, sex.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

ON = date(2026, 11, 25)
"""The screening date of the benchmark."""

Resource = dict[str, Any]

_LOINC, _SNOMED = "http://loinc.org", "http://snomed.info/sct"
_RXNORM, _ICD10 = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://hl7.org/fhir/sid/icd-10-cm"
_UCUM = "http://unitsofmeasure.org"
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"

ARTHRITIS = (
    (_SNOMED, "69896004", "Rheumatoid arthritis"),
    (_ICD10, "M05.79", "Rheumatoid arthritis with rheumatoid factor of multiple sites"),
    (_ICD10, "M06.9", "Rheumatoid arthritis, unspecified"),
)
TNF_INHIBITORS = ((191831, "infliximab"), (327361, "adalimumab"), (214555, "etanercept"))
_CREATININE, _CREATININE_MOLES = "2160-0", "14682-9"
_OTHER_CONDITIONS = (
    (_SNOMED, "38341003", "Hypertensive disorder"),
    (_SNOMED, "44054006", "Type 2 diabetes mellitus"),
    (_SNOMED, "55822004", "Hyperlipidemia"),
    (_SNOMED, "195967001", "Asthma"),
    (_SNOMED, "64859006", "Osteoporosis"),
    (_SNOMED, "65323003", "Polymyalgia rheumatica"),
    (_ICD10, "M17.0", "Bilateral primary osteoarthritis of knee"),
    (_ICD10, "I48.91", "Unspecified atrial fibrillation"),
    (_ICD10, "K21.9", "Gastro-esophageal reflux disease without esophagitis"),
    (_ICD10, "F32.9", "Major depressive disorder, single episode, unspecified"),
)
_OTHER_DRUGS = (
    (29046, "lisinopril", 10),
    (6809, "metformin", 500),
    (36567, "simvastatin", 20),
    (6851, "methotrexate", 2.5),
    (5640, "ibuprofen", 400),
    (7646, "omeprazole", 20),
    (17767, "amlodipine", 5),
    (161, "acetaminophen", 500),
)
_OTHER_TESTS = (
    ("2951-2", "Sodium [Moles/volume] in Serum or Plasma", 130, 150, "mmol/L"),
    ("2823-3", "Potassium [Moles/volume] in Serum or Plasma", 3, 6, "mmol/L"),
    ("718-7", "Hemoglobin [Mass/volume] in Blood", 8, 17, "g/dL"),
    ("777-3", "Platelets [#/volume] in Blood by Automated count", 90, 450, "10*3/uL"),
    ("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma", 10, 120, "U/L"),
    ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", 0, 3, "mg/dL"),
    ("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", 0, 90, "mg/L"),
    ("8302-2", "Body height", 150, 195, "cm"),
)


def bundles(number: int = 1_000, seed: int = 62_006) -> Iterator[Resource]:
    """Bundles of one person each."""
    for n in range(number):
        yield _Writer(Random(f"{seed}/{n}"), f"p{n:04d}").bundle()


def value_sets() -> dict[str, dict[str, list[dict[str, str]]]]:
    """The sets of codes that the CQL names, in the form its engine takes."""
    sets = {
        "rheumatoid-arthritis": [(system, code) for system, code, _ in ARTHRITIS],
        "tnf-inhibitor": [(_RXNORM, str(code)) for code, _ in TNF_INHIBITORS],
        "creatinine": [(_LOINC, _CREATININE), (_LOINC, _CREATININE_MOLES)],
    }
    return {
        f"urn:benchmark:{name}": {"1": [{"system": system, "code": code} for system, code in codes]}
        for name, codes in sets.items()
    }


class _Writer:
    """Writes one person; every choice comes from the person's own random numbers."""

    def __init__(self, random: Random, name: str) -> None:
        self._random, self._name = random, name
        self._age, self._written = random.randint(35, 88), 0

    def bundle(self) -> Resource:
        resources = [
            self._patient(),
            *self._arthritis(),
            *self._tnf_inhibitors(),
            *self._prednisone(),
            *self._alt(),
            *self._kidney(),
            *self._others(),
        ]
        return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}

    # --- the rows the six rules look at -----------------------------------------------------------------------------

    def _patient(self) -> Resource:
        random = self._random
        born = date(ON.year - self._age, 1, 1) + timedelta(days=random.randint(0, 364))
        if self._chance(0.2):  # 50 years to the day, or a few days off
            self._age = 50
            born = date(ON.year - 50, ON.month, ON.day) + timedelta(days=random.choice((-366, -1, 0, 0, 1, 2, 20)))
        written = born.isoformat()
        kind = random.random()
        patient = {"resourceType": "Patient", "id": self._name, "birthDate": written}
        if kind < 0.03:
            patient["birthDate"] = written[:4]
        elif kind < 0.05:
            patient["birthDate"] = written[:7]
        elif kind < 0.06:
            del patient["birthDate"]
        sex = random.choices(("female", "male", "other", ""), (47, 47, 2, 4))[0]
        return {**patient, "gender": sex} if sex else patient

    def _arthritis(self) -> Iterator[Resource]:
        if self._chance(0.45):
            verification = self._random.choices(("confirmed", "refuted", "entered-in-error", ""), (70, 10, 5, 15))[0]
            onset = self._before(-20 if self._chance(0.05) else 0, 6_000).isoformat()
            cut = self._random.choices((10, 7, 4, 0), (80, 8, 8, 4))[0]
            yield self._condition(self._random.choice(ARTHRITIS), onset[:cut], verification)

    def _tnf_inhibitors(self) -> Iterator[Resource]:
        for _ in range(self._random.choice((0, 0, 0, 1, 1, 2))):
            drug = self._random.choice(TNF_INHIBITORS)
            end = self._days_ago((-5, 0, 60, 179, 180, 181, 182, 400))
            start = end - timedelta(days=self._random.randint(0, 700))
            yield self._treatment(drug, start, end, dose=self._random.choice((40, 50, 300)), every=14)

    def _prednisone(self) -> Iterator[Resource]:
        follows: date | None = None
        for _ in range(self._random.choice((0, 0, 1, 1, 2, 3))):
            end = self._days_ago((-5, 0, 10, 29, 30, 31, 32, 120))
            start = end - timedelta(days=self._random.randint(0, 60))
            if follows is not None and follows <= end and self._chance(0.5):
                start = follows  # a taper: the next amount begins on the day the last one ends
            follows = end
            dose = self._random.choice((2.5, 5, 5, 7.5, 10, 12.5, 20))
            yield self._treatment((8640, "prednisone"), start, end, dose=dose, every=1)

    def _alt(self) -> Iterator[Resource]:
        times = self._random.randint(0, 4)
        for ago in self._different_days(times, (0, 1, 30, 89, 90, 91, 92, 200), future=True):
            limit = self._random.choice((35, 40, 45, 56))
            value = self._random.choice((limit // 2, limit * 2, limit * 3, limit * 3, limit * 3 + 1, limit * 5))
            for hour in self._hours():
                row = self._result(("1742-6", "Alanine aminotransferase"), ago, value, "U/L", hour=hour)
                if not self._chance(0.12):
                    row["referenceRange"] = [{"low": self._quantity(7, "U/L"), "high": self._quantity(limit, "U/L")}]
                yield row
                value += self._random.choice((-9, 0, 9))

    def _kidney(self) -> Iterator[Resource]:
        random = self._random
        for ago in self._different_days(random.choice((0, 1, 1, 2, 3)), (0, 5, 40, 200, 700), future=False):
            kilograms = random.choice((48, 55.5, 63, 72, 72, 81.4, 97))
            yield self._result(("29463-7", "Body weight"), ago, kilograms, "kg")
        for ago in self._different_days(random.choice((0, 1, 2, 2, 3, 4)), (0, 2, 20, 100, 500), future=True):
            on_the_limit = round((140 - self._age) / 30, 2)  # with 72 kg a clearance of 30 in men
            value = random.choice((0.8, 1.1, 1.9, on_the_limit, on_the_limit, round(on_the_limit * 0.85, 2), 3.4))
            if self._chance(0.4):
                yield self._result((_CREATININE_MOLES, "Creatinine"), ago, round(value * 88.4), "umol/L")
            else:
                yield self._result((_CREATININE, "Creatinine"), ago, value, "mg/dL")

    # --- the rest of a record ---------------------------------------------------------------------------------------

    def _others(self) -> Iterator[Resource]:
        random = self._random
        for what in random.sample(_OTHER_CONDITIONS, random.randint(1, 6)):
            yield self._condition(what, self._before(0, 8_000).isoformat(), "confirmed")
        for code, name, dose in random.sample(_OTHER_DRUGS, random.randint(1, 6)):
            start = self._before(30, 2_000)
            end = start + timedelta(days=random.randint(5, 900))
            yield self._treatment((code, name), start, end, dose=dose, every=1)
        for loinc, words, low, high, unit in random.sample(_OTHER_TESTS, random.randint(3, 8)):
            for _ in range(random.randint(1, 3)):
                value = round(low + (high - low) * random.random(), 1)
                yield self._result((loinc, words), self._before(0, 900), value, unit)

    # --- resources --------------------------------------------------------------------------------------------------

    def _condition(self, what: tuple[str, str, str], onset: str, verification: str) -> Resource:
        row = self._row("Condition", "code", what)
        row["clinicalStatus"] = {"coding": [{"system": _CLINICAL, "code": "active"}]}
        if verification:
            row["verificationStatus"] = {"coding": [{"system": _VERIFICATION, "code": verification}]}
        return {**row, "onsetDateTime": onset} if onset else row

    def _treatment(self, drug: tuple[int, str], start: date, end: date, *, dose: float, every: int) -> Resource:
        random = self._random
        row = self._row("MedicationStatement", "medicationCodeableConcept", (_RXNORM, str(drug[0]), drug[1]))
        row["status"] = random.choices(
            ("active", "completed", "stopped", "entered-in-error", "not-taken"), (3, 10, 4, 1, 1)
        )[0]
        row["effectivePeriod"] = {"start": start.isoformat(), "end": end.isoformat()}
        if self._chance(0.2):
            del row["effectivePeriod"]["end"]  # an active one then lasts; of another nobody knows how long
        dosage: Resource = {}
        if not self._chance(0.1):
            dosage["doseAndRate"] = [{"doseQuantity": self._quantity(dose, "mg")}]
        if not self._chance(0.1):
            repeat = {"frequency": random.choice((1, 1, 1, 2)), "period": every, "periodUnit": "d"}
            dosage["timing"] = {"repeat": repeat}
        return {**row, "dosage": [dosage]} if dosage else row

    def _result(self, test: tuple[str, str], when: date, value: float, unit: str, *, hour: str = "") -> Resource:
        row = self._row("Observation", "code", (_LOINC, *test))
        row["status"] = self._random.choices(("final", "corrected", "cancelled", "entered-in-error"), (90, 5, 2, 3))[0]
        row["effectiveDateTime"] = when.isoformat() + hour
        if not self._chance(0.04):
            row["valueQuantity"] = {"value": value} if self._chance(0.06) else self._quantity(value, unit)
        return row

    def _row(self, kind: str, key: str, what: tuple[str, str, str]) -> Resource:
        self._written += 1
        system, code, name = what
        return {
            "resourceType": kind,
            "id": f"r{self._written}",
            "subject": {"reference": f"Patient/{self._name}"},
            key: {"coding": [{"system": system, "code": code, "display": name}], "text": name},
        }

    @staticmethod
    def _quantity(value: float, unit: str) -> Resource:
        return {"value": value, "unit": unit, "system": _UCUM, "code": unit}

    # --- choices ----------------------------------------------------------------------------------------------------

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _before(self, low: int, high: int) -> date:
        return ON - timedelta(days=self._random.randint(low, high))

    def _days_ago(self, edges: tuple[int, ...]) -> date:
        return ON - timedelta(days=self._random.choice(edges))

    def _different_days(self, number: int, edges: tuple[int, ...], *, future: bool) -> list[date]:
        """Days no two of which are the same, so that the latest result is one result."""
        ago = self._random.sample(edges, min(number, len(edges)))
        return [
            ON - timedelta(days=-3 if future and self._chance(0.04) and n == 0 else days) for n, days in enumerate(ago)
        ]

    def _hours(self) -> tuple[str, ...]:
        """One result of a day, or two at stated times."""
        return ("T07:30:00Z", "T19:05:00Z") if self._chance(0.1) else ("",)
