"""The chapters of the language reference, in the order of the book."""

from tests.spec.language.chapters import (
    age_and_sex,
    combining,
    daily_dose,
    diagnoses,
    drugs,
    events,
    findings,
    formulas,
    json_form,
    mistakes,
    nothing_recorded,
    promises,
    questions,
    reading,
    results,
    scales,
    stable,
    windows,
)
from tests.spec.language.table import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    reading.CHAPTER,
    windows.CHAPTER,
    age_and_sex.CHAPTER,
    diagnoses.CHAPTER,
    drugs.CHAPTER,
    daily_dose.CHAPTER,
    stable.CHAPTER,
    results.CHAPTER,
    formulas.CHAPTER,
    scales.CHAPTER,
    findings.CHAPTER,
    events.CHAPTER,
    questions.CHAPTER,
    combining.CHAPTER,
    nothing_recorded.CHAPTER,
    promises.CHAPTER,
    mistakes.CHAPTER,
    json_form.CHAPTER,
)
