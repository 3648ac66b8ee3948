"""The pages of the vocabulary: units, tests, formulas and CTCAE grades, from the tables that decide."""

from __future__ import annotations

from collections import defaultdict

from trialrun.vocabulary.analytes import LOINC, analytes, facts, plausible_range
from trialrun.vocabulary.concepts import Concept, Scale
from trialrun.vocabulary.formulas import AGE, FORMULAS, Direction, Formula
from trialrun.vocabulary.grading import Term, terms
from trialrun.vocabulary.grading import source as ctcae_source
from trialrun.vocabulary.units import unit_table

_GENERATED = "*Generated from the program; do not edit.*\n"

_UNITS = f"""# Units

{_GENERATED}
Laboratory and body units are [UCUM](https://ucum.org). A unit is read as found (`IU/L`, `mmHg`, `K/uL`, `x10^9/L`,
`mcg/dL`, `mL/min/1.73 m²`) and kept beside what was found. Capitals, blanks, both signs for µ, ×, raised digits and
full-width letters do not matter, except where they change the unit by a factor of a thousand or more; then the unit is
not understood, and a value without a unit that is understood is *unknown* to a rule, never a number.

## What never converts

| from | to | why |
|---|---|---|
| `mL/min` | `mL/min/{{1.73_m2}}` | the second is per body surface: another quantity |
| `[IU]/L` | `mg/L`, `U/L`, `/L` | international units are defined substance by substance |
| `meq/L` | `mmol/L` | needs the charge of the ion; known for single tests (see [tests](analytes.md)) |
| `mg/dL` | `mmol/L` | needs the molar mass; known for single tests |
| `mg/g` | `mg/mmol` | needs the molar mass of what stands below the line |
| `%` | `mmol/mol`, `mg/g` | a share of what? HbA1c has an equation of its own |
| `ug{{FEU}}/mL` | `ug{{DDU}}/mL`, `ug/mL` | D-dimer in other units of the assay |
| `{{copies}}/mL` | `[IU]/mL` | the factor belongs to the assay |
| `{{INR}}`, `{{score}}`, `[pH]` | anything | no unit at all |

Temperatures (`Cel`, `[degF]`, `K`) convert with their zeros. An enzyme unit `U` is one micromole a minute, so that
`U/L` and `nkat/L` convert. Conversions of this table are exact fractions, rounded once: 3 mg/dL is the 0.03 g/L a rule
may name as its limit. What is not in the table is asked of the unit library (pint and ucumvert), after what the library
does not look at: words in braces and arbitrary units.

## Units known, by what they measure

Units in one row convert to each other.

| measures | units |
|---|---|
"""

_ANALYTES = f"""# Tests, vital signs, scores

{_GENERATED}
What rules may compare, with the LOINC codes that mean it, its canonical unit and what else is known of its values. A
study or site adds or overrides terms in a file.

Codes marked `?` were not compared with a published name yet. Molar masses follow from atomic weights (IUPAC 2021) and
the formula of the substance, or from the convention named. A result is converted as [units](units.md) says, and by what
stands in the last column: `[IU]` of an enzyme is `U`; charges turn milliequivalents into millimoles.

*plausible* is what a result of a living adult can be, in the unit before it: a number outside is a slip of the unit or
of a decimal point. These bounds are assumed, generous, and say nothing about who is healthy.

This material contains content from LOINC (<https://loinc.org>). LOINC is copyright Regenstrief Institute, Inc. and the
Logical Observation Identifiers Names and Codes (LOINC) Committee and is available at no cost under the license at
<https://loinc.org/license>. LOINC® is a registered United States trademark of Regenstrief Institute, Inc. The codes are
given unaltered.
"""

_FORMULAS = f"""# Formulas

{_GENERATED}
A formula is a versioned definition: the same name with another version may give another number, so the version is part
of the evidence. Outside its limits, with an input missing, zero or negative, or without the sex where it counts, a
formula gives no number. Where inputs are only known to lie in a range (a birth year, a creatinine `< 0.3`), the result
is a range. Inputs in other units are converted as [units](units.md) and [tests](analytes.md) say.
"""

_GRADES = f"""# CTCAE laboratory grades

{_GENERATED}
Source: {ctcae_source()}, U.S. Department of Health and Human Services.

The highest grade that is reached counts; LLN and ULN are the limits of normal of the same report. Where CTCAE prints a limit in several units, the one of the result's
kind is used: its rounded pairs are not equal. Where something is missing, the grade is a range and says what is missing.
A baseline that is not given is taken as normal, and the grade says so. Grades in the last column are not for a
laboratory value to decide.

| term | test | grade 1 | 2 | 3 | 4 | clinical |
|---|---|---|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """Path under docs/ -> Markdown."""
    return {"units.md": _units(), "analytes.md": _analytes(), "formulas.md": _formulas(), "ctcae.md": _grades()}


def _units() -> str:
    table = unit_table()
    kinds: dict[str, list[str]] = defaultdict(list)
    for unit, (kind, _) in table.kinds.items():
        kinds[kind].append(unit)
    kinds["temperature"] = ["Cel", "[degF]", "K"]
    found: dict[str, list[str]] = defaultdict(list)
    for spelling, unit in [*table.folded.items(), *table.exact.items()]:
        if spelling != unit.casefold():
            found[unit].append(spelling)
    rows = "".join(f"| {kind} | {_codes(units)} |\n" for kind, units in kinds.items())
    spellings = "".join(f"| `{unit}` | {_codes(sorted(words))} |\n" for unit, words in sorted(found.items()))
    return (
        f"{_UNITS}{rows}\n## Spellings understood\n\nBeside UCUM in any capitals, and counts such as `x10^9/L`, `10e9/L`, "
        f"`10⁹/L`, `10(9)/L`, `/mm3`.\n\n| UCUM | also written |\n|---|---|\n{spellings}\n"
        f"Where a test counts cells: {_codes([f'{word} = {unit}' for word, unit in table.counts.items()])}. "
        f"Not understood, because they can be read in two ways: {_codes(sorted(table.ambiguous))}.\n"
    )


def _analytes() -> str:
    parts = [_ANALYTES]
    for scale, title, head in (
        (
            Scale.QUANTITY,
            "Quantities",
            "| name | also | LOINC | unit | plausible | g/mol | conversion, notes |\n|---|---|---|---|---|---|---|\n",
        ),
        (Scale.ORDINAL, "Ordinals", "| name | also | LOINC | levels, lowest first | notes |\n|---|---|---|---|---|\n"),
        (Scale.FINDING, "Positive or negative", "| name | also | LOINC | notes |\n|---|---|---|---|\n"),
    ):
        rows = [_row(concept, scale) for concept in analytes() if concept.measure and concept.measure.scale is scale]
        parts.append(f"## {title}\n\n{head}{''.join(rows)}")
    return "\n".join(parts)


def _row(concept: Concept, scale: Scale) -> str:
    known, measure = facts(concept.name), concept.measure
    assert measure is not None
    codes = ", ".join(f"{code}{'?' if code in known.recalled else ''}" for code in concept.codes.get(LOINC, ()))
    cells = [concept.name, ", ".join(concept.aliases), codes]
    if scale is Scale.QUANTITY:
        bounds = plausible_range(concept.name)
        cells += [f"`{measure.unit}`", "" if bounds is None else f"{bounds[0]:.15g} to {bounds[1]:.15g}"]
        cells += [f"{measure.molar_mass:g}" if measure.molar_mass else "", _conversions(concept)]
    elif scale is Scale.ORDINAL:
        cells += [", ".join(measure.levels), known.note]
    else:
        cells += [known.note]
    return _table_row(cells)


def _conversions(concept: Concept) -> str:
    known = facts(concept.name)
    said = [known.note] if known.note else []
    if known.same:
        said.insert(0, f"`{known.same}` means its unit")
    if known.charge:
        said.insert(0, f"charge {known.charge}")
    return "; ".join(said)


def _formulas() -> str:
    return "\n".join([_FORMULAS, *(_formula(formula) for formula in FORMULAS)])


def _formula(formula: Formula) -> str:
    rows = "".join(
        _table_row(
            [
                needed.name,
                "years" if needed.name == AGE else f"`{needed.unit}`",
                "up" if needed.direction is Direction.INCREASING else "down",
                f"{needed.low:g} to {needed.high:g}" if needed.high != float("inf") else "above 0",
            ]
        )
        for needed in formula.inputs
    )
    sex = "The sex must be known.\n\n" if formula.by_sex else ""
    return (
        f"## {formula.name}\n\nAlso: {', '.join(formula.aliases)}. Id `{formula.id}`, version: {formula.version}.\n\n"
        f"```text\n{formula.expression}\n```\n\nResult in `{formula.unit}`. {formula.citation}.\n\n{sex}"
        f"| input | unit | when it grows the result goes | valid |\n|---|---|---|---|\n{rows}"
    )


def _grades() -> str:
    return _GRADES + "".join(_grade_rows(term) for term in terms())


def _grade_rows(term: Term) -> str:
    clinical = "; ".join(f"{number}: {words}" for number, words in term.clinical.items())
    rows = [_table_row([term.name, term.test, *(term.words.get(number, "") for number in range(1, 5)), clinical])]
    if term.abnormal:
        rows.append(_table_row(["… baseline abnormal", "", *(term.abnormal_words.get(n, "") for n in range(1, 5)), ""]))
    if term.circumstance:
        words = [term.circumstance_words.get(number, "") for number in range(1, 5)]
        rows.append(_table_row([f"… where {term.circumstance}", "", *words, ""]))
    return "".join(rows)


def _codes(words: list[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table_row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace(" | ", ", ").replace("|", "\\|") for cell in cells) + " |\n"
