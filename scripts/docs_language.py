"""The language reference: an index with a cheat sheet, and one page for each chapter of tests/spec/language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from tests.spec.language.chapters import CHAPTERS
from tests.spec.language.forms import FORMS
from tests.spec.language.table import ON, Case, Chapter, Documents, Facts, Part, Slip, Slips, Table, Wordings
from trialrun.criteria.parsing import parse_rule
from trialrun.errors import GrammarError
from trialrun.vocabulary.terms import shipped

FOLDER = "language"
_GENERATED = "*Generated from the program; do not edit.*\n"

_INDEX = f"""# The language of rules

{_GENERATED}
A rule is a sentence about one person that a clinician can read aloud and the program can answer: yes, no or unknown. How
rules stand in a protocol file, and what screening prints: [criteria](criteria.md). This is the reference. Every line
of its tables is run by the tests, and these pages are written from the same tables, so that they cannot say one thing and
the program another. The answers are what the language is meant to say; a clinician has not signed them yet.

## Chapters

| chapter | about |
|---|---|
"""

_LEGEND = f"""
How the tables are read: screening is on **{ON}** unless a line says otherwise. `to now` is recorded as going on; `to ?`
means that the record does not say until when; a date alone is that day. The answer names the rows it rests on, where there
are several. *Assumed* means that it rests on nothing being recorded.

## The whole grammar on one page

Words in capitals are filled in. Capitals do not matter in rules otherwise, nor do line breaks.

| part | is |
|---|---|
| SIGN | `>` `>=` `<` `<=` `=` (also `≥` `≤`) |
| WINDOW | `within LENGTH before ANCHOR` · `between LENGTH and LENGTH before ANCHOR` · `at least LENGTH before ANCHOR` · `at ANCHOR` · left out: any day up to the screening date |
| LENGTH | a whole number of `days`, `weeks`, `months` or `years` |
| ANCHOR | `consent` · `screening` · `enrolment` · `day 1` (`first dose`) · `last dose` · `end of study` |
| TERMS | a name; or `any [NAME, NAME]`; then perhaps `except [NAME, NAME]`. Names: [shipped terms](shipped-terms.md), and [your own](terms.md) |
| ROUTE | before a drug's name: `systemic`, `oral`, `intravenous`, `subcutaneous`, `intramuscular`, `parenteral`, `local`, `topical`, … |
| TEST, SCALE | a name of [tests](analytes.md); with signs of the language in it, in brackets |
| FORMULA | a name of [formulas](formulas.md) |
| UNIT | a [unit](units.md) |
| `[NAME]` | any name may stand in brackets; one that contains a word of the language (`and`, `or`, `not`, `at`, `before`, …) has to |

"""


def pages() -> dict[str, str]:
    """Path under docs/ -> Markdown."""
    return {"language.md": _index(), **{f"{FOLDER}/{chapter.name}.md": _page(chapter) for chapter in CHAPTERS}}


def _index() -> str:
    rows = "".join(f"| [{chapter.title}]({FOLDER}/{chapter.name}.md) | {chapter.summary} |\n" for chapter in CHAPTERS)
    groups = dict.fromkeys(form.group for form in FORMS)
    sheets = [
        f"### {group}\n\n"
        + _grid(
            ("form", "example", "read aloud"),
            (
                (
                    f"[{_code(form.pattern)}]({FOLDER}/{form.chapter}.md)",
                    _code(form.example),
                    form.aloud,
                )
                for form in FORMS
                if form.group == group
            ),
        )
        for group in groups
    ]
    return _INDEX + rows + _LEGEND + "\n".join(sheets)


def _page(chapter: Chapter) -> str:
    head = [f"# {chapter.title}\n", _GENERATED, *(f"{paragraph}\n" for paragraph in chapter.prose)]
    parts = [_part(part) for part in chapter.parts]
    return "\n".join([*head, *parts, _way_on(chapter)])


def _way_on(chapter: Chapter) -> str:
    at = CHAPTERS.index(chapter)
    near = [CHAPTERS[at - 1] if at else None, CHAPTERS[at + 1] if at + 1 < len(CHAPTERS) else None]
    links = [f"[{other.title}]({other.name}.md)" for other in near if other is not None]
    return " · ".join(["[All chapters](../language.md)", *links]) + "\n"


def _part(part: Part) -> str:
    text = f"{part.text}\n\n" if part.text else ""
    return f"## {part.title}\n\n{text}{_body(part)}"


def _body(part: Part) -> str:
    match part:
        case Table():
            return _cases(list(part.asked()), part.rule)
        case Wordings(cases=wordings):
            rows = ((_code(case.written), _code(case.canonical), case.remark) for case in wordings)
            return _grid(("written", "is the same as", "why"), rows)
        case Slips(cases=slips):
            return "\n".join(_slip(slip) for slip in slips)
        case Documents(cases=documents):
            return "\n".join(
                f"{case.remark} `{case.rule}`\n\n```json\n{json.dumps(case.document, indent=2, ensure_ascii=False)}\n```\n"
                for case in documents
            )
        case Facts(head=head, rows=facts):
            return _grid(head, facts)


# --- cases ----------------------------------------------------------------------------------------------------------


def _cases(cases: Sequence[Case], shared: str) -> str:
    """A table of cases; the rule and the parts that they share stand above it."""
    one_rule = {case.rule for case in cases} == {shared}
    others: Mapping[str, str] = cases[0].others if all(case.others == cases[0].others for case in cases) else {}
    above = [f"Rule{'' if one_rule else ', where a line has no other'}: {_code(shared)}"] if shared else []
    above += [f"{name}: {_code(rule)}" for name, rule in others.items()]
    head = ["recorded", *([] if one_rule else ["rule"]), "answer", "why"]
    rows = [
        [
            _recorded(case),
            *([] if one_rule else ["" if case.rule == shared else _code(case.rule)]),
            _answer(case),
            case.remark,
        ]
        for case in cases
    ]
    return "".join(f"{line}\n\n" for line in above) + _grid(head, rows)


def _recorded(case: Case) -> str:
    numbered = len(case.rows) > 1
    lines = [f"{number}. {row.words}" if numbered else row.words for number, row in enumerate(case.rows, 1)]
    facts = [f"born {case.birth}"] if case.birth else []
    facts += [case.sex] if case.sex else []
    facts += [f"record complete {', '.join(case.coverage)}"] if case.coverage else []
    facts += [f"answer to {name}: {said}" for name, said in case.answers.items()]
    facts += [f"screening on {case.on}"] if case.on != ON else []
    facts += [f"day 1 planned for {case.start}"] if case.start else []
    return "<br>".join([*lines, *(["; ".join(facts)] if facts else [])]) or "nothing"


def _answer(case: Case) -> str:
    if not isinstance(case.expect, bool):
        reasons = case.expect if isinstance(case.expect, tuple) else (case.expect,)
        return "**unknown** " + ", ".join(f"`{reason}`" for reason in reasons)
    said = "**yes**" if case.expect else "**no**"
    if case.assumes:
        return f"{said}, assumed"
    if case.by is None or len(case.rows) < 2:
        return said
    rows = " and ".join(str(number) for number in case.by)
    return f"{said}, by row{'s' if len(case.by) > 1 else ''} {rows}"


def _slip(slip: Slip) -> str:
    mark = " " * _place(slip) + "^" * max(1, len(slip.at))
    lines = [slip.rule, mark, slip.message, *([slip.hint] if slip.hint else [])]
    among = "Among exclusions:\n\n" if slip.exclusion else ""
    return f"{among}```text\n" + "\n".join(lines) + "\n```\n"


def _place(slip: Slip) -> int:
    """Where the program points: the words may stand in the rule more than once."""
    try:
        parse_rule(slip.rule, shipped(), exclusion=slip.exclusion)
    except GrammarError as error:
        return error.start
    raise AssertionError(f"'{slip.rule}' is read")


# --- Markdown -------------------------------------------------------------------------------------------------------


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _code(words: str) -> str:
    return f"`{words}`"
