"""What a unit alone does not tell: results of one test in another unit."""

from __future__ import annotations

import pytest

from trialrun.vocabulary.analytes import analytes, convert_result, needs_unit, unit_of_result

TESTS = {concept.name: concept for concept in analytes()}


@pytest.mark.parametrize(
    ("test", "value", "source", "target", "wanted"),
    [
        # An IU of an enzyme is the enzyme unit; a U of a hormone is the international unit.
        ("ALT", 40, "IU/L", "U/L", 40),
        ("ALT", 40, "[iU]/L", "nkat/L", 40 / 0.06),
        ("TSH", 2, "mU/L", "mIU/L", 2),
        ("TSH", 2, "uIU/mL", "m[IU]/L", 2),
        # Charges.
        ("potassium", 4, "mEq/L", "mmol/L", 4),
        ("calcium", 5, "mEq/L", "mmol/L", 2.5),
        ("calcium", 5, "mEq/L", "mg/dL", 10.0195),
        ("magnesium", 1, "mmol/L", "meq/L", 2),
        # Molar masses. Conventional factors: JAMA, SI conversion table.
        ("creatinine", 1, "mg/dL", "umol/L", 88.4),
        ("glucose", 1, "mg/dL", "mmol/L", 0.0555),
        ("urea nitrogen", 1, "mg/dL", "mmol/L", 0.357),
        ("total bilirubin", 1, "mg/dL", "umol/L", 17.104),
        ("urate", 1, "mg/dL", "umol/L", 59.48),
        ("total cholesterol", 1, "mg/dL", "mmol/L", 0.02586),
        ("triglycerides", 1, "mg/dL", "mmol/L", 0.01129),
        ("phosphate", 1, "mg/dL", "mmol/L", 0.323),
        ("free T4", 1, "ng/dL", "pmol/L", 12.87),
        ("serum vitamin B12", 1, "pg/mL", "pmol/L", 0.7378),
        ("25-hydroxyvitamin D", 1, "ng/mL", "nmol/L", 2.496),
        ("cortisol", 1, "ug/dL", "nmol/L", 27.59),
        ("hemoglobin", 1, "g/dL", "mmol/L", 0.6206),
        # HbA1c by the master equation: 7 % is 53 mmol/mol, 6.5 % is 48 (Hoelzel 2004, Weykamp 2008).
        ("HbA1c", 53, "mmol/mol", "%", 7.00044),
        ("HbA1c", 48, "mmol/mol", "%", 6.54304),
        ("HbA1c", 7, "%", "mmol/mol", 52.995),
        ("HbA1c", 0.07, "1", "%", 7),
        # mg/g of creatinine to mg/mmol of creatinine.
        ("urine albumin-creatinine ratio", 30, "mg/g", "mg/mmol", 3.3936),
        ("urine albumin-creatinine ratio", 3.3936, "mg/mmol", "mg/g", 30),
        # Giga a litre where cells are counted.
        ("platelets", 150, "G/L", "10*9/L", 150),
        ("platelets", 150_000, "/mm3", "10*9/L", 150),
        ("CD4 cells", 0.5, "10*9/L", "/uL", 500),
        # A value that has no unit by nature.
        ("INR", 2, "", "{INR}", 2),
        ("INR", 2, "ratio", "{INR}", 2),
        ("arterial pH", 7.4, "1", "[pH]", 7.4),
        ("CRP", 1, "mg/dL", "mg/L", 10),
        ("weight", 154, "lbs", "kg", 69.85322498),
        ("body temperature", 100.4, "F", "Cel", 38),
    ],
)
def test_converts(test: str, value: float, source: str, target: str, wanted: float) -> None:
    assert convert_result(TESTS[test], value, source, target) == pytest.approx(wanted, rel=1e-3)


@pytest.mark.parametrize(
    ("test", "source", "target"),
    [
        ("eGFR", "mL/min", "mL/min/{1.73_m2}"),
        ("creatinine clearance", "mL/min/{1.73_m2}", "mL/min"),
        ("rheumatoid factor", "U/mL", "[IU]/mL"),
        ("HCV RNA", "{copies}/mL", "[IU]/mL"),
        ("HIV RNA", "[IU]/mL", "{copies}/mL"),
        ("D-dimer", "ng/mL", "ug{FEU}/mL"),
        ("lipoprotein(a)", "nmol/L", "mg/dL"),
        ("CRP", "nmol/L", "mg/L"),
        ("albumin", "G/L", "g/dL"),
        ("HbA1c", "mg/g", "%"),
        ("INR", "s", "{INR}"),
        ("weight", "", "kg"),
        ("weight", "kg", ""),
        ("weight", "bogus", "kg"),
        ("NYHA class", "1", "1"),
        ("HIV antibody", "1", "1"),
        ("TSH", "mg/L", "m[IU]/L"),
    ],
)
def test_does_not_convert(test: str, source: str, target: str) -> None:
    assert convert_result(TESTS[test], 1.0, source, target) is None


def test_what_is_no_number_does_not_convert() -> None:
    for value in (float("nan"), float("inf")):
        assert convert_result(TESTS["CRP"], value, "mg/L", "mg/L") is None
        assert convert_result(TESTS["INR"], value, "", "{INR}") is None


def test_which_tests_need_a_unit() -> None:
    assert needs_unit(TESTS["creatinine"])
    assert not needs_unit(TESTS["INR"])
    assert not needs_unit(TESTS["arterial pH"])
    assert not needs_unit(TESTS["NYHA class"])
    assert unit_of_result(TESTS["white blood cells"], "G/L") == "10*9/L"
    assert unit_of_result(TESTS["albumin"], "G/L") is None
