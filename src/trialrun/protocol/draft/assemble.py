"""A whole protocol file drafted from one or several records of a trial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trialrun.criteria.splitting import split
from trialrun.criteria.text import CriterionText, EligibilityText, Role, Section
from trialrun.errors import shortened
from trialrun.protocol.draft.drugs import draft_arms
from trialrun.protocol.draft.measures import draft_measures
from trialrun.protocol.draft.notebook import Drawn, Notebook
from trialrun.protocol.draft.sources import Merged, Source, merge, quoted
from trialrun.protocol.load import ProtocolFile, load_text
from trialrun.protocol.model import FORMAT
from trialrun.protocol.prose.durations import find_durations
from trialrun.protocol.writing import Leaf, Tree, render
from trialrun.registry.reading import design_word, phase_words, unescape
from trialrun.registry.record import Record

_BLOCKS = {Section.INCLUSION: "include", Section.EXCLUSION: "exclude", Section.OTHER: "other"}
_ALLOCATIONS = frozenset({"NA", "RANDOMIZED", "NON_RANDOMIZED"})
_FOLLOWED = re.compile(r"follow(?:ed|ing)?[\s-]*up\b[^.;]{0,60}", re.IGNORECASE)
_AFTER_TREATMENT = re.compile(r"after\s+(?:the\s+)?(?:last|final|end|stop|treatment|therapy|completion)", re.IGNORECASE)
_MOST_CONFLICTS = 40


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was looked for was read. All of it is no protocol yet: records do not state the rest.

    Args:
        elements: Things looked for: arms, outcomes, criteria; dose, days and route of each drug, visits of each
            outcome.
        read: Those that were read.
        unread: Those that were not, in words.
    """

    elements: int
    read: int
    unread: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Read elements as a share of all; None where there was nothing to read."""
        return self.read / self.elements if self.elements else None


@dataclass(frozen=True)
class Draft:
    """A drafted protocol file, where each value came from, and what could not be read."""

    file: ProtocolFile
    drawn: tuple[Drawn, ...]
    coverage: Coverage

    @property
    def text(self) -> str:
        """The file."""
        return self.file.source.text


def draft(sources: Sequence[Source], file_name: str = "draft.yaml") -> Draft:
    """Drafts a protocol file.

    Args:
        sources: Records of one trial; the first one counts where they differ.
        file_name: The name messages about the file give.

    Raises:
        InputError: no source, or sources of different trials.
    """
    merged = merge(sources)
    notebook = Notebook(merged.source_of)
    tree = _tree(merged, notebook)
    head = [
        f"# Drafted by trialrun from {'; '.join(merged.labels.values())}.",
        "# A draft is never a protocol: what is marked [A..], [Q..] or [C..] waits for the decision of that id, below.",
        "# Comments behind a value say which source (S1, …) and which field it was read from.",
    ]
    text = "\n".join([*(shortened(line, 300) for line in head), *render(tree)]) + "\n"
    coverage = Coverage(notebook.elements, notebook.read, tuple(notebook.unread))
    return Draft(load_text(text, file_name), tuple(notebook.drawn), coverage)


def _tree(merged: Merged, notebook: Notebook) -> dict[str, Tree]:
    record = merged.record
    arms, drugs = draft_arms(record, notebook)
    visits, activities, endpoints = draft_measures(record, notebook)
    eligibility = _eligibility(record, notebook)
    follow_up = _follow_up(record, notebook)
    _record_differences(merged, notebook)
    tree: dict[str, Tree] = {
        "format": Leaf(FORMAT),
        **_header(record, notebook),
        "sources": {key: Leaf(label) for key, label in merged.labels.items()},
        "calendar": _calendar(record, notebook),
        "arms": arms,
        "drugs": drugs,
        "visits": visits,
        "follow-up": follow_up,
        "activities": activities,
        "eligibility": eligibility,
        "objectives": {"endpoints": endpoints},
        "size": _size(record, notebook),
        "decisions": {key: notebook.open_items[key] for key in sorted(notebook.open_items, key=_decision_order)},
        "unread": [Leaf(shortened(what, 300)) for what in notebook.unread],
    }
    return tree


def _decision_order(key: str) -> tuple[int, int]:
    """Conflicts first, then questions, then assumptions."""
    return "CQA".index(key[0]), int(key[1:])


def _header(record: Record, notebook: Notebook) -> dict[str, Tree]:
    info = record.design.design_info
    header: dict[str, Tree] = {
        "trial": notebook.leaf("trial", record.nct_id, "nctId"),
        "title": notebook.leaf("title", unescape(record.title), "briefTitle"),
        "version": Leaf("0.1 (drafted from the registry; not the sponsor's protocol)"),
    }
    if record.sponsors.lead_sponsor.name:
        header["sponsor"] = notebook.leaf("sponsor", record.sponsors.lead_sponsor.name, "leadSponsor")
    if record.identification.org_study_id_info.id:
        header["sponsor id"] = notebook.leaf("sponsor id", record.identification.org_study_id_info.id, "orgStudyId")
    header["phase"] = notebook.leaf("phase", phase_words(record), "phases")
    header["design"] = {
        "allocation": Leaf(design_word(info.allocation) if info.allocation in _ALLOCATIONS else "not stated"),
        "model": Leaf(design_word(info.intervention_model or info.observational_model)),
        "masking": Leaf(design_word(info.masking_info.masking)),
        "purpose": Leaf(design_word(info.primary_purpose)),
    }
    return header


def _calendar(record: Record, notebook: Notebook) -> dict[str, Tree]:
    if not record.arms.interventions:
        return {"day 1": Leaf("enrolment", notebook.assume("Day 1 is the day of enrolment.", "as written", "calendar"))}
    mark = notebook.assume("Day 1 is the day of the first treatment.", "as written", "calendar")
    return {"day 1": Leaf("first treatment", mark)}


def _size(record: Record, notebook: Notebook) -> dict[str, Tree]:
    count = record.design.enrollment_info.count
    if count is None or not 0 <= count < 10**9:
        return {}
    return {"enrol": notebook.leaf("size.enrol", str(count), "enrollmentInfo")}


def _follow_up(record: Record, notebook: Notebook) -> dict[str, Tree]:
    """A sentence such as "followed up for 3 months after treatment"."""
    for where, text in (
        ("detailedDescription", record.description.detailed_description),
        ("briefSummary", record.description.brief_summary),
    ):
        plain = unescape(text or "")
        for match in _FOLLOWED.finditer(plain):
            for found in find_durations(match[0]):
                if _AFTER_TREATMENT.search(match[0][found.end :]):
                    path = "follow-up.after last dose"
                    says = Leaf(shortened(_sentence(plain, match.start()), 400))
                    leaf = notebook.leaf(path, str(found.duration), where, words=match[0])
                    return {"says": says, "after last dose": leaf}
    return {}


def _sentence(text: str, position: int) -> str:
    start = max(text.rfind(". ", 0, position) + 2, text.rfind("\n", 0, position) + 1, 0)
    ends = [end for end in (text.find(".", position), text.find("\n", position)) if end >= 0]
    return text[start : min(ends, default=len(text) - 1) + 1].strip()


def _eligibility(record: Record, notebook: Notebook) -> dict[str, Tree]:
    text = record.eligibility.eligibility_criteria
    found = split(text) if text else EligibilityText("", ())
    criteria = [item for item in found.items if item.role is not Role.NOTE and item.text]
    notebook.element("eligibility: no criterion is stated", is_read=bool(criteria))
    blocks: dict[str, dict[str, Tree]] = {"include": {}, "exclude": {}, "other": {}}
    placed: dict[str, dict[str, Tree]] = {}
    for item in criteria:
        row: dict[str, Tree] = {"says": _criterion(item, notebook)}
        parent = placed.get(item.parent or "")
        if parent is None:
            blocks[_BLOCKS[item.section]][item.id] = row
        else:
            parts = parent.setdefault("parts", {})
            assert isinstance(parts, dict)
            parts[item.id] = row
        placed[item.id] = row
    tree: dict[str, Tree] = {}
    if criteria:
        mark = notebook.assume(
            "Where a criterion names no anchor, it is judged at screening.", "as written", "eligibility"
        )
        tree["anchor when missing"] = Leaf("screening", mark)
        notebook.assume(
            "The criteria are carried as sentences; what each means for a person is not yet written as a rule.",
            "a clinician reads and signs each",
            "eligibility sign-off",
        )
    return {**tree, **blocks}


def _criterion(item: CriterionText, notebook: Notebook) -> Leaf:
    where = f"eligibilityCriteria {item.start}..{item.end}"
    leaf = notebook.leaf(f"eligibility.{_BLOCKS[item.section]}.{item.id}.says", item.text, where)
    return Leaf(leaf.text)


def _record_differences(merged: Merged, notebook: Notebook) -> None:
    """Each field that two sources state differently becomes a conflict; the first source's words stay."""
    for key, difference in merged.differences[:_MOST_CONFLICTS]:
        field = difference.path.removeprefix("protocolSection.")
        notebook.conflict(
            f"Two sources differ in {field}. Which is right?",
            [quoted("S1", difference.first), quoted(key, difference.second)],
            {"proposal": Leaf("S1"), "blocks": Leaf("first screening")},
        )
