"""How units are written and when one converts to another: the table of docs/units.md, case by case."""

from __future__ import annotations

import pytest

from trialrun.vocabulary.units import conversion, convert, ucum, unit_table


@pytest.mark.parametrize(
    ("found", "unit"),
    [
        # UCUM itself.
        ("U/L", "U/L"),
        ("mm[Hg]", "mm[Hg]"),
        ("10*9/L", "10*9/L"),
        ("mL/min/{1.73_m2}", "mL/min/{1.73_m2}"),
        ("nmol/min/mg", "nmol/min/mg"),
        # Blanks, capitals, the two signs for µ, full width, invisible characters.
        (" mg / dL ", "mg/dL"),
        ("MG/DL", "mg/dL"),
        ("mg/dl", "mg/dL"),
        ("\u00b5g/L", "ug/L"),
        ("\u03bcg/L", "ug/L"),
        ("mcg/dL", "ug/dL"),
        ("ｍｇ/ｄＬ", "mg/dL"),
        ("mg/\u200bdL", "mg/dL"),
        ("mg/100 mL", "mg/dL"),
        ("mg%", "mg/dL"),
        ("gm/dL", "g/dL"),
        # International and enzyme units are told apart as written.
        ("IU/L", "[IU]/L"),
        ("[iU]/L", "[IU]/L"),
        ("mIU/L", "m[IU]/L"),
        ("µIU/mL", "u[IU]/mL"),
        ("u/l", "U/L"),
        ("units/L", "U/L"),
        ("mEq/L", "meq/L"),
        # Counts.
        ("K/uL", "10*3/uL"),
        ("K/mm3", "10*3/uL"),
        ("THOU/MM3", "10*3/uL"),
        ("M/uL", "10*6/uL"),
        ("x10^9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"),
        ("x 10(9)/L", "10*9/L"),
        ("10e9/L", "10*9/L"),
        ("1E9/L", "10*9/L"),
        ("10^12/L", "10*12/L"),
        ("10^3/mm³", "10*3/uL"),
        ("10*6/µL", "10*6/uL"),
        ("Gpt/L", "10*9/L"),
        ("/mm3", "/uL"),
        ("cells/mm3", "/uL"),
        ("{cells}/uL", "/uL"),
        # Kidney function: with the body surface or without.
        ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("ml/min/1.73 sq m", "mL/min/{1.73_m2}"),
        ("mL/min per 1.73 m2", "mL/min/{1.73_m2}"),
        ("ml/min", "mL/min"),
        ("mL/min/m2", "mL/min/m2"),
        # Body and bedside.
        ("mmHg", "mm[Hg]"),
        ("mm Hg", "mm[Hg]"),
        ("DEG C", "Cel"),
        ("°C", "Cel"),
        ("℃", "Cel"),
        ("F", "[degF]"),
        ("lbs", "[lb_av]"),
        ("kg/m²", "kg/m2"),
        ("beats/min", "/min"),
        ("bpm", "/min"),
        ("mm/hr", "mm/h"),
        ("mm/1st hour", "mm/h"),
        ("percent", "%"),
        ("ratio", "{ratio}"),
        ("INR", "{INR}"),
        ("(score)", "{score}"),
        ("pH", "[pH]"),
        ("ug/mL FEU", "ug{FEU}/mL"),
        ("mg/g creat", "mg/g"),
        ("mg/24 h", "mg/d"),
    ],
)
def test_is_written(found: str, unit: str) -> None:
    assert ucum(found) == unit
    assert ucum(unit) == unit


@pytest.mark.parametrize(
    "found",
    [
        "",
        " ",
        "n/a",
        "units",
        "bogus",
        "mg/",
        "{a}{b}",
        "mg/1.73",
        "1.73",
        "10 9/L",  # a lost superscript, or a range
        "109/L",
        "m/uL",  # million or milli
        "MU/L",  # mega or milli, a factor of a thousand million
        "MIU/mL",
        "G/L",  # giga or gram
        "T/L",
        "Cel/h",
        "a" * 1_000_000,
    ],
)
def test_is_not_understood(found: str) -> None:
    assert ucum(found) is None
    assert conversion(found, "mg/dL") is None


def test_giga_per_litre_is_read_only_where_cells_are_counted() -> None:
    assert ucum("G/L", counts=True) == "10*9/L"
    assert ucum("T/L", counts=True) == "10*12/L"
    assert ucum("g/L", counts=True) == "g/L"


@pytest.mark.parametrize(
    ("value", "source", "target", "molar_mass", "wanted"),
    [
        (1.0, "mg/dL", "mg/dL", None, 1.0),
        (3.0, "mg/dL", "g/L", None, 0.03),
        (0.5, "mg/dL", "mg/L", None, 5.0),
        (150.0, "10*3/uL", "10*9/L", None, 150.0),
        (4500.0, "/uL", "10*9/L", None, 4.5),
        (10.0, "U/L", "nkat/L", None, 10 / 0.06),
        (144.0, "L/d", "mL/min", None, 100.0),
        (760.0, "mm[Hg]", "kPa", None, 101.32472),
        (154.0, "[lb_av]", "kg", None, 69.85322498),
        (5.0, "[ft_i]", "cm", None, 152.4),
        (45.0, "%", "L/L", None, 0.45),
        # Masses and moles meet through the molar mass: creatinine, glucose, and a rate only the library knows.
        (1.0, "mg/dL", "umol/L", 113.12, 88.4016973125884),
        (90.0, "mg/dL", "mmol/L", 180.156, 4.99567042),
        (5.0, "mmol/L", "mg/dL", 180.156, 90.078),
        (18.0, "mg/dL/h", "mmol/L/h", 180.0, 1.0),
        # Temperatures have other zeros.
        (98.6, "[degF]", "Cel", None, 37.0),
        (37.0, "Cel", "[degF]", None, 98.6),
        (37.0, "C", "K", None, 310.15),
    ],
)
def test_converts(value: float, source: str, target: str, molar_mass: float | None, wanted: float) -> None:
    assert convert(value, source, target, molar_mass) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize(
    ("source", "target", "molar_mass"),
    [
        # Different quantities that share a dimension.
        ("mL/min", "mL/min/{1.73_m2}", None),
        ("mL/min/{1.73_m2}", "mL/min/m2", None),
        ("ug{FEU}/mL", "ug/mL", None),
        ("ug{FEU}/mL", "ug{DDU}/mL", None),
        ("{copies}/mL", "[IU]/mL", None),
        ("/L", "[IU]/L", None),
        ("10*3/dL", "[IU]/L", None),
        # International units have no mass and are not enzyme units.
        ("[IU]/L", "mg/L", 100.0),
        ("[IU]/L", "U/L", None),
        ("[arb'U]/mL", "[IU]/mL", None),
        ("U/L/h", "g/L/h", 50.0),
        # Milliequivalents need the charge of the ion.
        ("meq/L", "mmol/L", None),
        ("mosm/kg", "mmol/kg", None),
        # Mass and moles without a molar mass, or where more than one substance is meant.
        ("mg/dL", "mmol/L", None),
        ("mg/g", "mg/mmol", 113.12),
        ("mg/g", "mmol/mol", 113.12),
        # A share of what?
        ("%", "mmol/mol", None),
        ("%", "mg/g", None),
        ("%", "{ratio}", None),
        ("{INR}", "s", None),
        ("{score}", "1", None),
        # Fantasy.
        ("mg/dL", "kg", None),
        ("Cel", "mg/dL", None),
        ("mg/dL", "bogus", None),
        ("mg/dL", "mmol/L", 0.0),
        ("mg/dL", "mmol/L", -18.0),
        ("mg/dL", "mmol/L", float("nan")),
        ("mg/dL", "mmol/L", float("inf")),
    ],
)
def test_never_converts(source: str, target: str, molar_mass: float | None) -> None:
    assert conversion(source, target, molar_mass) is None
    assert conversion(target, source, molar_mass) is None
    assert convert(1.0, source, target, molar_mass) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_stays_none(value: float) -> None:
    assert convert(value, "mg", "g") is None
    assert convert(value, "Cel", "[degF]") is None


def test_every_spelling_of_the_table_leads_to_a_unit_that_is_known() -> None:
    table = unit_table()
    for found, unit in {**table.folded, **table.exact, **table.counts}.items():
        assert ucum(unit) == unit, found
    for found in table.ambiguous:
        assert ucum(found) is None, found
