"""CSV that a spreadsheet shows and never runs, and that reads back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialrun.csv_text import csv_text, plain_cell, safe_cell

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx")


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_written_as_words_and_read_back(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "I2.2", "007", "a=b", "'quoted'", "it's", "'"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_cell(text) == text


@given(st.lists(st.text(alphabet=st.sampled_from("'=+-@\t\r\n\",;a "), max_size=6), min_size=1, max_size=4))
def test_any_row_reads_back_and_no_cell_begins_as_a_formula(cells: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(csv_text([cells]), newline=""))
    assert [plain_cell(cell) for cell in row] == cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
