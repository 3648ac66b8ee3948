"""The text of a record page, as a trial finder shows it, read into a record of the registry's shape.

A page states less than the registry: no dates, no outcomes, no sites by name. What it does not state stays absent.
Its layout becomes the registry's own (numbers and bullets of the criteria in the API's markdown); its words stay.
Every line that has no place in a record is listed in the provenance as unread.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from trialrun.errors import InputError
from trialrun.registry.record import PAGE, Record

_HEADINGS = {
    "status and phase": "status",
    "conditions": "conditions",
    "treatments": "treatments",
    "study type": "study type",
    "funder types": "funders",
    "identifiers": "identifiers",
    "details and patient eligibility": "",
    "about": "about",
    "full description": "description",
    "enrollment": "enrolment",
    "sex": "sex",
    "ages": "ages",
    "volunteers": "volunteers",
    "inclusion criteria": "inclusion",
    "exclusion criteria": "exclusion",
    "trial design": "",
    "primary purpose": "purpose",
    "allocation": "allocation",
    "interventional model": "model",
    "observational model": "model",
    "masking": "masking",
    "trial contacts and locations": "locations",
    "contacts and locations": "locations",
}
_GROUPS = re.compile(r"(\d[\d,]*) participants? in (\d+) patient groups?.*")
_SOURCE = re.compile(r"data sourced from clinicaltrials\.gov", re.IGNORECASE)
_CHROME = re.compile(
    r"clinicaltrials\.veeva|menu|loading\.*|clinical trials|find clinical trials.*|trials by location|© copyright.*",
    re.IGNORECASE,
)
_ARM_TYPE = re.compile(
    r"(experimental|active comparator|placebo comparator|sham comparator|no intervention|other) group", re.IGNORECASE
)
_NCT = re.compile(r"NCT\d{8}")
_NUMBERED = re.compile(r"^(\s*)(\d{1,3})[.)]\s+(.*)$")
_BULLET = re.compile(r"^(\s*)[•*·◦‣-]\s+(.*)$")
_INTERVENTION = re.compile(r"([A-Z][A-Za-z /]+?): (.+)")

_STATUSES = frozenset(
    {
        "ACTIVE_NOT_RECRUITING",
        "APPROVED_FOR_MARKETING",
        "AVAILABLE",
        "COMPLETED",
        "ENROLLING_BY_INVITATION",
        "NOT_YET_RECRUITING",
        "NO_LONGER_AVAILABLE",
        "RECRUITING",
        "SUSPENDED",
        "TEMPORARILY_NOT_AVAILABLE",
        "TERMINATED",
        "UNKNOWN",
        "WITHDRAWN",
        "WITHHELD",
    }
)
_FUNDERS = {
    "industry": "INDUSTRY",
    "other": "OTHER",
    "nih": "NIH",
    "network": "NETWORK",
    "other u.s. federal agency": "FED",
}
_ALLOCATIONS = {"n/a": "NA", "randomized": "RANDOMIZED", "non-randomized": "NON_RANDOMIZED"}
_MODELS = {
    "single group assignment": "SINGLE_GROUP",
    "parallel assignment": "PARALLEL",
    "crossover assignment": "CROSSOVER",
    "factorial assignment": "FACTORIAL",
    "sequential assignment": "SEQUENTIAL",
}
_MASKS = {"none": "NONE", "single": "SINGLE", "double": "DOUBLE", "triple": "TRIPLE", "quadruple": "QUADRUPLE"}


def looks_like_page(text: str) -> bool:
    """Whether a text has the headings of a record page."""
    headings = {line.strip().casefold() for line in text[:200_000].splitlines()}
    return {"status and phase", "identifiers"} <= headings


def read_page(text: str) -> Record:
    """The record that a page states.

    Raises:
        InputError: the text is no record page, or names no NCT number.
    """
    if not looks_like_page(text):
        raise InputError("this text is no record page: the headings 'Status and phase' and 'Identifiers' are missing")
    page = _Page()
    page.take(text.splitlines())
    return Record.from_json(page.as_record(hashlib.sha256(text.encode()).hexdigest()))


@dataclass
class _Page:
    """The page's sections while they are collected, then its fields."""

    sections: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    source_line: str | None = None

    def take(self, lines: Iterable[str]) -> None:
        """Sorts lines under the heading they stand below."""
        here = "head"
        for line in lines:
            heading = line.strip().casefold()
            if heading in _HEADINGS:
                here = _HEADINGS[heading]
            elif _SOURCE.search(line):
                here, self.source_line = "foot", line.strip()
            else:
                if match := _GROUPS.fullmatch(line.strip()):
                    here = "arms"
                    self.sections.setdefault("group count", [match[2]])
                    continue
                self.sections.setdefault(here, []).append(line)
        self._check_left_over()

    def _check_left_over(self) -> None:
        for line in self._lines("") + self._lines("foot"):
            if not _CHROME.fullmatch(line):
                self.unread.append(line)

    def as_record(self, digest: str) -> dict[str, Any]:
        """The record's JSON."""
        title, sponsor = self._title_and_sponsor()
        numbers = self._lines("identifiers")
        nct = next((number for number in numbers if _NCT.fullmatch(number)), None)
        if nct is None:
            raise InputError("the page names no NCT number below 'Identifiers'")
        others = [number for number in numbers if number != nct]
        section: dict[str, Any] = {
            "identificationModule": {
                "nctId": nct,
                **({"orgStudyIdInfo": {"id": others[0]}} if others else {}),
                **({"secondaryIdInfos": [{"id": other} for other in others[1:]]} if others[1:] else {}),
                **({"briefTitle": title} if title else {}),
            },
            "statusModule": self._status(),
            "sponsorCollaboratorsModule": {"leadSponsor": self._sponsor(sponsor)},
            "descriptionModule": self._texts({"briefSummary": "about", "detailedDescription": "description"}),
            "conditionsModule": {"conditions": lines} if (lines := self._lines("conditions")) else {},
            "designModule": self._design(),
            "armsInterventionsModule": self._arms(),
            "eligibilityModule": self._eligibility(),
            **self._sites(),
        }
        stated = {name: module for name, module in section.items() if module}
        return {"protocolSection": stated, "_provenance": self._provenance(digest)}

    def _provenance(self, digest: str) -> dict[str, Any]:
        return {
            "kind": PAGE,
            "sourceLine": self.source_line,
            "sha256": digest,
            "notes": [
                "converted from a record page to the API v2 shape; list markers of the criteria follow the API",
                "the page states no dates and no outcomes",
            ],
            "unread": self.unread,
        }

    def _lines(self, name: str) -> list[str]:
        return [line.strip() for line in self.sections.get(name, []) if line.strip()]

    def _texts(self, names: dict[str, str]) -> dict[str, str]:
        found = {key: "\n\n".join(self._lines(name)) for key, name in names.items()}
        return {key: text for key, text in found.items() if text}

    def _one(self, name: str, read: Callable[[str], str | None]) -> str | None:
        """The one line of a section as a code; a line that cannot be read is listed."""
        lines = self._lines(name)
        if not lines:
            return None
        code = read(lines[0])
        self.unread += lines[1:] if code else lines
        return code

    def _title_and_sponsor(self) -> tuple[str | None, str | None]:
        """The head is: the site's name, the title, the sponsor's initial, the sponsor."""
        lines = [line for line in self._lines("head") if not _CHROME.fullmatch(line)]
        words = [line for line in lines if len(line) > 1]
        self.unread += words[2:]
        return (words[0] if words else None), (words[1] if len(words) > 1 else None)

    def _status(self) -> dict[str, str]:
        for line in self._lines("status"):
            code = re.sub(r"[^A-Z]+", "_", line.upper()).strip("_")
            if code in _STATUSES:
                return {"overallStatus": code}
        return {}

    def _phases(self) -> list[str]:
        phases: list[str] = []
        for line in self._lines("status"):
            found = re.findall(r"(early )?phase (\d)(?:\s*[/-]\s*(\d))?", line, re.IGNORECASE)
            if found:
                for early, *numbers in found:
                    phases += [("EARLY_" if early else "") + f"PHASE{number}" for number in numbers if number]
            elif line.casefold() in ("n/a", "not applicable"):
                phases.append("NA")
            elif re.sub(r"[^A-Z]+", "_", line.upper()).strip("_") not in _STATUSES:
                self.unread.append(line)
        return phases

    def _sponsor(self, name: str | None) -> dict[str, str]:
        funders = self._lines("funders")
        code = _FUNDERS.get(funders[0].casefold()) if funders else None
        self.unread += funders[1:] if code else funders
        return {**({"name": name} if name else {}), **({"class": code} if code else {})}

    def _design(self) -> dict[str, Any]:
        info = {
            "allocation": self._one("allocation", lambda line: _ALLOCATIONS.get(line.casefold())),
            "interventionModel": self._one("model", lambda line: _MODELS.get(line.casefold())),
            "primaryPurpose": self._one("purpose", _code),
        }
        design: dict[str, Any] = {key: value for key, value in info.items() if value}
        masking = self._one("masking", lambda line: _MASKS.get(line.casefold().split()[0]))
        if masking:
            design["maskingInfo"] = {"masking": masking}
        found: dict[str, Any] = {"studyType": self._one("study type", _code), "phases": self._phases()}
        found["designInfo"] = design
        found["enrollmentInfo"] = self._enrolment()
        return {key: value for key, value in found.items() if value}

    def _enrolment(self) -> dict[str, Any]:
        for line in self._lines("enrolment"):
            if match := re.fullmatch(
                r"([\d,]+)(?: (estimated|actual))? (?:patients?|participants?)", line, re.IGNORECASE
            ):
                kind = {"type": match[2].upper()} if match[2] else {}
                return {"count": int(match[1].replace(",", "")), **kind}
            self.unread.append(line)
        return {}

    def _arms(self) -> dict[str, Any]:
        interventions = [_intervention(line) for line in self._lines("treatments")]
        groups = self._arm_groups()
        for intervention in interventions:
            labels = [g["label"] for g in groups if intervention["_as"] in g.get("interventionNames", [])]
            if labels:
                intervention["armGroupLabels"] = labels
            del intervention["_as"]
        found = {"armGroups": groups, "interventions": interventions}
        return {key: value for key, value in found.items() if value}

    def _arm_groups(self) -> list[dict[str, Any]]:
        lines = self._lines("arms")
        starts = [index for index, line in enumerate(lines) if _ARM_TYPE.fullmatch(line) and index > 0]
        groups = []
        for position, start in enumerate(starts):
            end = starts[position + 1] - 1 if position + 1 < len(starts) else len(lines)
            groups.append(self._arm(lines[start - 1], lines[start], lines[start + 1 : end]))
        self.unread += lines[: starts[0] - 1] if starts else lines
        return groups

    def _arm(self, label: str, kind: str, body: list[str]) -> dict[str, Any]:
        group: dict[str, Any] = {"label": label, "type": re.sub(r"[^A-Z]+", "_", kind.upper().removesuffix(" GROUP"))}
        part = ""
        texts: dict[str, list[str]] = {"description": [], "treatment": [], "": []}
        for line in body:
            name = line.casefold().rstrip(":")
            if name in ("description", "treatment", "treatments"):
                part = name.rstrip("s")
            else:
                texts[part].append(line)
        if texts["description"]:
            group["description"] = "\n\n".join(texts["description"])
        if texts["treatment"]:
            group["interventionNames"] = texts["treatment"]
        self.unread += texts[""]
        return group

    def _eligibility(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        parts = [
            f"{title}:\n\n{_as_markdown(self.sections[name])}"
            for name, title in (("inclusion", "Inclusion Criteria"), ("exclusion", "Exclusion Criteria"))
            if self._lines(name)
        ]
        if parts:
            found["eligibilityCriteria"] = "\n\n".join(parts)
        volunteers = self._one("volunteers", _volunteers)
        if volunteers:
            found["healthyVolunteers"] = volunteers == "yes"
        sex = self._one("sex", lambda line: line.upper() if line.upper() in ("ALL", "FEMALE", "MALE") else None)
        if sex:
            found["sex"] = sex
        return {**found, **self._ages()}

    def _ages(self) -> dict[str, str]:
        lines = self._lines("ages")
        if not lines:
            return {}
        unit = r"(years?|months?|weeks?|days?) old"
        line = lines[0].casefold()
        if match := re.fullmatch(rf"(\d+)\+ {unit}", line):
            return {"minimumAge": _age(match[1], match[2])}
        if match := re.fullmatch(rf"under (\d+) {unit}", line):
            return {"maximumAge": _age(match[1], match[2])}
        if match := re.fullmatch(rf"(\d+)(?: (years?|months?|weeks?|days?))? to (\d+) {unit}", line):
            return {"minimumAge": _age(match[1], match[2] or match[4]), "maximumAge": _age(match[3], match[4])}
        if line != "any age":
            self.unread += lines
        return {}

    def _sites(self) -> dict[str, Any]:
        lines = [line for line in self._lines("locations") if not _CHROME.fullmatch(line)]
        if lines and lines[0].isdigit():
            self.unread += lines[1:]
            return {"contactsLocationsModule": {"locations": []}} if lines[0] == "0" else self._count_only(lines[0])
        self.unread += lines
        return {}

    def _count_only(self, count: str) -> dict[str, Any]:
        self.unread.append(f"{count} locations, not named on the page")
        return {}


def _as_markdown(lines: list[str]) -> str:
    """Criteria in the API's layout: `1. `, nested `   * `, a blank line before a nested list."""
    written: list[str] = []
    nested = False
    inside = False
    for line in lines:
        if not line.strip():
            continue
        if match := _NUMBERED.match(line):
            if not inside and written:
                written.append("")
            written.append(f"{match[2]}. {match[3].strip()}")
            inside, nested = True, False
        elif match := _BULLET.match(line):
            if inside and not nested:
                written.append("")
            written.append(("   * " if inside else "* ") + match[2].strip())
            nested = inside
        elif written and (inside or nested):
            written[-1] += " " + line.strip()
        else:
            written.append(line.strip())
    return "\n".join(written)


def _intervention(line: str) -> dict[str, Any]:
    match = _INTERVENTION.fullmatch(line)
    if match is None:
        return {"name": line, "_as": line}
    return {"type": re.sub(r"[^A-Z]+", "_", match[1].upper()), "name": match[2], "_as": line}


def _code(line: str) -> str | None:
    return re.sub(r"[^A-Z]+", "_", line.upper()).strip("_") or None


def _volunteers(line: str) -> str | None:
    words = line.casefold()
    if "healthy" not in words:
        return None
    return "no" if re.match(r"(?:no|not|does not|doesn't|doesn’t)\b", words) else "yes"


def _age(number: str, unit: str) -> str:
    word = unit.rstrip("s").capitalize()
    return f"{number} {word}" + ("" if number == "1" else "s")
