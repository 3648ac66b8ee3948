"""The page of many people, as a coordinator opens it, narrows it by keyboard, reads it on a telephone and prints it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Opened
from tests.browser.reading import FAINT, TABLES, UNNAMED, printed, tags
from tests.conftest import Answer
from tests.crowds import ON, STUDY, write_answers, write_crowd, write_variant

LONG_ID = "urn:uuid:" + "0123456789abcdef" * 4
CRITERIA = [*(f"I{number}" for number in range(1, 7)), *(f"E{number}" for number in range(1, 14))]

_BARS = """() => [...document.querySelectorAll('table.funnel tbody tr')].map(row => {
  const whole = row.querySelector('svg').getBoundingClientRect().width;
  const wide = kind => [...row.querySelectorAll(`rect.${kind}`)]
    .reduce((sum, one) => sum + one.getBoundingClientRect().width, 0) / whole;
  const count = label => Number(row.querySelector(`td[data-label="${label}"]`).innerText);
  return { dark: wide('sure'), light: wide('left'), sure: count('Sure'), remaining: count('Remaining') };
})"""

Open = Callable[[Path], Opened]


@pytest.fixture
def page_file(trialrun: Callable[..., Answer], tmp_path: Path) -> Path:
    """The page of thirty people, one with a very long id and one with an id that looks like HTML."""
    crowd = write_crowd(tmp_path / "people")
    for number in range(23):
        write_variant(crowd, "unknown", f"p{number}")
    write_variant(crowd, "unknown", LONG_ID)
    write_variant(crowd, "may-join", "<script>document.title='run'</script>")
    (crowd / "broken.json").write_bytes(b"{")
    target = tmp_path / "crowd.html"
    answers = write_answers(tmp_path / "answers.csv")
    words = ("screen", STUDY, "--patients", crowd, "--on", ON, "--answers", answers, "--page", target)
    assert trialrun(*words).code == 0
    return target


@pytest.fixture
def shown(opened: Open, page_file: Path) -> Opened:
    return opened(page_file)


def people(page: Page) -> list[str]:
    """The ids in sight."""
    found: list[str] = page.locator("table.people tbody th").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => one.innerText)"
    )
    return found


def test_it_opens_without_an_error_asks_for_nothing_and_runs_nothing_of_the_record(shown: Opened) -> None:
    assert shown.page.locator("h1").inner_text() == "1 of 30 people may join, 26 might"
    assert (shown.errors, shown.asked) == ([], [])
    assert shown.page.title() == f"{STUDY}: 30 people screened on {ON}"
    assert shown.page.locator("table.people th", has_text="document.title").count() == 1


def test_its_policy_stops_a_script_that_is_not_its_own(opened: Open, page_file: Path) -> None:
    text = page_file.read_text(encoding="utf-8")
    page_file.write_text(text.replace("</main>", "</main><script>document.title='run'</script>"), encoding="utf-8")
    found = opened(page_file)
    assert found.page.title() != "run"
    assert any("Content Security Policy" in error for error in found.errors)


def test_each_bar_is_as_wide_as_its_numbers_say(shown: Opened) -> None:
    rows = shown.page.evaluate(_BARS)
    assert len(rows) == 1 + len(CRITERIA)
    most = rows[0]["remaining"]
    assert most == 29  # one of thirty is dead
    for row in rows:
        assert row["dark"] == pytest.approx(row["sure"] / most, abs=0.01)
        assert row["light"] == pytest.approx((row["remaining"] - row["sure"]) / most, abs=0.01)


def test_a_reader_who_hears_it_can_find_the_way(shown: Opened) -> None:
    page = shown.page
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate(UNNAMED) == []
    levels = [int(tag[1]) for tag in tags(page, "h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    tables = page.evaluate(TABLES)
    assert len(tables) >= 5
    for table in tables:
        assert table["heads"] and not table["plain"] and table["widths"] == [table["heads"]], table
    rows = page.locator("tbody tr").count()
    assert page.locator("tbody tr > th[scope=row]").count() == rows
    assert page.locator("svg:not([aria-hidden=true])").count() == 0


def test_its_words_stand_out_from_the_ground(shown: Opened) -> None:
    shown.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert shown.page.evaluate(FAINT) == []


def test_every_link_leads_to_its_criterion(shown: Opened) -> None:
    page = shown.page
    targets = page.locator("a").evaluate_all("all => [...new Set(all.map(one => one.getAttribute('href')))]")
    assert targets and all(page.locator(f"[id='{target[1:]}']").count() == 1 for target in targets)
    assert page.locator("table.funnel tr[id]").evaluate_all("all => all.map(one => one.id)") == CRITERIA


def test_the_keyboard_narrows_the_list_and_gives_it_back(shown: Opened) -> None:
    page = shown.page
    before = people(page)
    assert len(before) == 20
    page.locator("#filter input").focus()
    page.keyboard.type("POSSIBLE p7")
    assert people(page) == ["p7"]
    assert page.locator("#filter output").inner_text() == "1 of 27 people"
    page.keyboard.press("Control+A")
    page.keyboard.type("nobody of this name")
    assert people(page) == []
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    assert people(page) == before


def test_the_keyboard_reaches_and_opens_the_people_behind_the_fold(shown: Opened) -> None:
    page = shown.page
    reached = False
    for _ in range(600):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.parentElement.className") == "more":
            page.keyboard.press("Enter")
            reached = True
            break
    assert reached and len(people(page)) == 27


def test_everything_is_readable_without_its_script(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert not page.locator("#filter").is_visible()
    assert page.locator("table.people tbody tr").count() == 27
    page.locator("details.more > summary").click()
    assert page.locator("table.people tbody tr").last.is_visible()
    context.close()


@pytest.mark.parametrize("fold", [False, True])
def test_it_is_read_on_a_telephone_without_sliding_sideways(shown: Opened, fold: bool) -> None:
    shown.page.locator("details").evaluate_all(f"all => all.forEach(one => one.open = {str(fold).lower()})")
    shown.page.set_viewport_size({"width": 360, "height": 740})
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 360
    first = shown.page.locator("table.funnel tbody tr#I1")
    assert re.sub(r"\s+", " ", first.inner_text()).startswith("I1 Male or female, aged ≥50")
    label = shown.page.evaluate(
        "getComputedStyle(document.querySelector('#I1 td[data-label=Remaining]'), '::before').content"
    )
    assert label.startswith('"Remaining')


def test_it_prints_with_the_funnel_first(shown: Opened, tmp_path: Path) -> None:
    sheets = printed(shown.page, tmp_path)
    assert len(sheets) <= 4
    first, whole = sheets[0], " ".join(sheets)
    assert shown.page.locator("h1").inner_text() in first and "The funnel" in first
    for name in CRITERIA:
        assert re.search(rf"(?<![\w.]){name}(?![\w.])", whole), name
    assert "broken.json" in whole and "Show people with" not in whole and "7 more people" in whole
