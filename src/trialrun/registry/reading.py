"""A record as a reader wants it: can I join, what is done, how, by whom, where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from trialrun.registry.record import Location, Outcome, Record
from trialrun.registry.status import in_words, status_on

_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!~><^|=&])")
_POWER = re.compile(r"(?<=\d)\s?~(?=\d)")

NO_SITE = "no site listed"

_DESIGN = {
    "NA": "not applicable",
    "RANDOMIZED": "randomised",
    "NON_RANDOMIZED": "non-randomised",
    "SINGLE_GROUP": "single group",
    "NONE": "none (open label)",
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines; a line is a label and a text, either of which may be empty."""

    heading: str
    lines: tuple[tuple[str, str], ...]


def unescape(text: str) -> str:
    r"""Text without markdown escapes, exponents written with a caret: `10\~6` and `10~6` become `10^6`."""
    return _POWER.sub("^", _ESCAPE.sub(r"\1", text))


def sections(record: Record, today: date) -> tuple[Section, ...]:
    """The record in the reader's order."""
    return (
        Section("Can I join", tuple(_can_i_join(record, today))),
        Section("What is done", tuple(_what(record))),
        Section("How it is measured", tuple(_how(record))),
        Section("Who may join", tuple(_criteria(record))),
        Section("By whom", tuple(_by_whom(record))),
        Section("Where", tuple(_where(record))),
    )


def source_line(record: Record) -> str:
    """The attribution that goes with every view of a record."""
    when = record.processed
    stated = f"data processed {when}" if when else "date of processing not stated"
    return (
        f"Source: ClinicalTrials.gov, {stated}. Converted and reformatted by trialrun; "
        "not endorsed by the US National Library of Medicine."
    )


def age_range(record: Record) -> str:
    """Ages in words: `50 Years and older`."""
    low, high = record.eligibility.minimum_age, record.eligibility.maximum_age
    if low and high:
        return f"{low} to {high}"
    if low:
        return f"{low} and older"
    return f"up to {high}" if high else "no limit stated"


def design_word(code: str | None) -> str:
    """A code of the design in words: SINGLE_GROUP → single group."""
    if code is None:
        return "not stated"
    return _DESIGN.get(code, code.replace("_", " ").lower())


def phase_words(record: Record) -> str:
    """Phases in words: `2`, `1 and 2`, `not applicable`."""
    phases = [phase.replace("EARLY_PHASE", "early ").replace("PHASE", "") for phase in record.design.phases]
    if phases == ["NA"]:
        return "not applicable"
    return " and ".join(phases) if phases else "not stated"


def outcomes_by_level(record: Record) -> tuple[tuple[str, Outcome], ...]:
    """All registered outcomes with their ids: P1, S1, S2, …, O1."""
    levels = (
        ("P", record.outcomes.primary_outcomes),
        ("S", record.outcomes.secondary_outcomes),
        ("O", record.outcomes.other_outcomes),
    )
    return tuple((f"{letter}{n}", outcome) for letter, group in levels for n, outcome in enumerate(group, 1))


def _can_i_join(record: Record, today: date) -> list[tuple[str, str]]:
    volunteers = record.eligibility.healthy_volunteers
    healthy = {True: "accepted", False: "not accepted", None: "not stated"}[volunteers]
    updated = record.status.last_update_post_date_struct.date
    verified = record.status.status_verified_date
    rows = [
        ("Status", str(status_on(record, today))),
        ("Record", f"verified {verified or 'not stated'}, last update {updated or 'not stated'}"),
        ("Conditions", "; ".join(record.conditions.conditions) or "not stated"),
        ("Ages", age_range(record)),
        ("Sex", in_words(record.eligibility.sex)),
        ("Healthy volunteers", healthy),
        ("Sites", _site_count(record)),
    ]
    if record.status.why_stopped:
        rows.insert(1, ("Why stopped", record.status.why_stopped))
    return rows


def _site_count(record: Record) -> str:
    count = len(record.contacts.locations)
    return f"{count} listed" if count else NO_SITE


def _what(record: Record) -> list[tuple[str, str]]:
    rows = [("Summary", unescape(record.description.brief_summary or "not stated"))]
    for arm in record.arms.arm_groups:
        kind = in_words(arm.type)
        names = ", ".join(arm.intervention_names) or "no intervention named"
        text = f"{kind}: {names}." + (f" {unescape(arm.description)}" if arm.description else "")
        rows.append((f"Arm: {arm.label or 'no name'}", text))
    if not record.arms.arm_groups:
        rows += [
            (
                f"{in_words(drug.type)}: {drug.name or 'no name'}",
                unescape(drug.description or "not described"),
            )
            for drug in record.arms.interventions
        ]
    if record.description.detailed_description:
        rows.append(("Description", unescape(record.description.detailed_description)))
    return rows


def _how(record: Record) -> list[tuple[str, str]]:
    info = record.design.design_info
    size = record.design.enrollment_info
    count = "not stated" if size.count is None else f"{size.count} ({in_words(size.type).lower()})"
    rows = [
        ("Type", f"{in_words(record.design.study_type)}, phase {phase_words(record)}"),
        ("Allocation", design_word(info.allocation)),
        ("Model", design_word(info.intervention_model or info.observational_model)),
        ("Masking", design_word(info.masking_info.masking)),
        ("Purpose", design_word(info.primary_purpose)),
        ("Participants", count),
    ]
    for key, outcome in outcomes_by_level(record):
        rows.append(
            (
                f"Outcome {key}",
                f"{unescape(outcome.measure or 'not named')} [{outcome.time_frame or 'no time frame'}]",
            )
        )
    return rows


def _criteria(record: Record) -> list[tuple[str, str]]:
    text = record.eligibility.eligibility_criteria
    return [("", unescape(text))] if text else [("", "No criteria are stated.")]


def _by_whom(record: Record) -> list[tuple[str, str]]:
    status, sponsor = record.status, record.sponsors.lead_sponsor
    ids = [record.nct_id, *filter(None, [record.identification.org_study_id_info.id])]
    ids += [item.id for item in record.identification.secondary_id_infos if item.id]
    dates = (
        ("Start", status.start_date_struct),
        ("Primary completion", status.primary_completion_date_struct),
        ("Study completion", status.completion_date_struct),
    )
    return [
        ("Sponsor", f"{sponsor.name or 'not stated'} ({in_words(sponsor.class_).lower()})"),
        ("Collaborators", "; ".join(other.name or "" for other in record.sponsors.collaborators) or "none"),
        ("Identifiers", ", ".join(ids)),
        *(
            (
                name,
                f"{struct.date} ({(struct.type or 'type not stated').lower()})" if struct.date else "not stated",
            )
            for name, struct in dates
        ),
        ("Results", "posted" if record.has_results else "not posted"),
    ]


def _where(record: Record) -> list[tuple[str, str]]:
    if not record.contacts.locations:
        return [("", f"{NO_SITE.capitalize()}: ask the sponsor.")]
    return [("", _site(site)) for site in record.contacts.locations]


def _site(site: Location) -> str:
    place = ", ".join(part for part in (site.facility, site.city, site.state, site.country) if part)
    return f"{place or 'a site without a name'}" + (f" ({in_words(site.status).lower()})" if site.status else "")
