"""A registered trial as the registry states it: the shape of ClinicalTrials.gov API v2, typed and lossless.

Nothing is interpreted here. Fields the model does not know are kept, absent ones stay absent, and writing a
record gives the JSON value that was read. Every module is there, empty where the record has none, so that
`record.arms.arm_groups` is `()` rather than an error.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.alias_generators import to_camel

from trialrun.errors import GrammarError, InputError, shortened
from trialrun.vocabulary.calendar import PartialDate

PAGE = "record page text"
"""The provenance of a record that was read from a page."""

_NCT = re.compile(r"NCT\d{8}")


class Module(BaseModel):
    """Base of every part of a record: frozen, strict, unknown fields kept."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", alias_generator=to_camel, populate_by_name=False)

    @field_validator("*", mode="before")
    @classmethod
    def _lists_are_tuples(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class DateStruct(Module):
    """A date as registered (`2019-09-04` or `2019-09`), and whether it is ACTUAL or ESTIMATED."""

    date: str | None = None
    type: str | None = None

    @property
    def partial(self) -> PartialDate | None:
        """The date as an interval of days; None where it is absent or no date."""
        return partial_date(self.date)


class OrgStudyId(Module):
    """The sponsor's own number of the study."""

    id: str | None = None


class Organization(Module):
    """A sponsor or an organisation with its class (INDUSTRY, NIH, OTHER, …)."""

    full_name: str | None = None
    name: str | None = None
    class_: str | None = Field(None, alias="class")


class SecondaryId(Module):
    """A number of the study in another registry or at a funder."""

    id: str | None = None
    type: str | None = None
    domain: str | None = None


class IdentificationModule(Module):
    """Numbers and titles."""

    nct_id: str
    nct_id_aliases: tuple[str, ...] = ()
    org_study_id_info: OrgStudyId = OrgStudyId()
    secondary_id_infos: tuple[SecondaryId, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    organization: Organization = Organization()

    @field_validator("nct_id")
    @classmethod
    def _is_a_number(cls, value: str) -> str:
        if not _NCT.fullmatch(value):
            raise ValueError(f"'{shortened(value, 30)}' is not an NCT number (NCT and eight digits)")
        return value


class StatusModule(Module):
    """Status and dates."""

    status_verified_date: str | None = None
    overall_status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    start_date_struct: DateStruct = DateStruct()
    primary_completion_date_struct: DateStruct = DateStruct()
    completion_date_struct: DateStruct = DateStruct()
    study_first_submit_date: str | None = None
    study_first_post_date_struct: DateStruct = DateStruct()
    last_update_submit_date: str | None = None
    last_update_post_date_struct: DateStruct = DateStruct()
    results_first_post_date_struct: DateStruct = DateStruct()


class ResponsibleParty(Module):
    """Who answers for the study."""

    type: str | None = None


class SponsorModule(Module):
    """Sponsor and collaborators."""

    responsible_party: ResponsibleParty = ResponsibleParty()
    lead_sponsor: Organization = Organization()
    collaborators: tuple[Organization, ...] = ()


class OversightModule(Module):
    """Committees and regulators."""

    oversight_has_dmc: bool | None = None
    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None


class DescriptionModule(Module):
    """Summary and description."""

    brief_summary: str | None = None
    detailed_description: str | None = None


class ConditionsModule(Module):
    """Conditions and keywords."""

    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class MaskingInfo(Module):
    """Who knows which arm a participant is in."""

    masking: str | None = None
    who_masked: tuple[str, ...] = ()


class DesignInfo(Module):
    """How participants are assigned, and for what purpose."""

    allocation: str | None = None
    intervention_model: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    primary_purpose: str | None = None
    masking_info: MaskingInfo = MaskingInfo()


class EnrollmentInfo(Module):
    """How many participants, and whether that is ACTUAL or ESTIMATED."""

    count: int | None = None
    type: str | None = None


class DesignModule(Module):
    """Kind of study, phases, design, size."""

    study_type: str | None = None
    phases: tuple[str, ...] = ()
    design_info: DesignInfo = DesignInfo()
    enrollment_info: EnrollmentInfo = EnrollmentInfo()


class ArmGroup(Module):
    """A group of participants."""

    label: str | None = None
    type: str | None = None
    description: str | None = None
    intervention_names: tuple[str, ...] = ()


class Intervention(Module):
    """Something given to participants."""

    type: str | None = None
    name: str | None = None
    description: str | None = None
    arm_group_labels: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


class ArmsModule(Module):
    """Arms and interventions."""

    arm_groups: tuple[ArmGroup, ...] = ()
    interventions: tuple[Intervention, ...] = ()


class Outcome(Module):
    """A registered outcome measure."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


class OutcomesModule(Module):
    """Outcome measures by level."""

    primary_outcomes: tuple[Outcome, ...] = ()
    secondary_outcomes: tuple[Outcome, ...] = ()
    other_outcomes: tuple[Outcome, ...] = ()


class EligibilityModule(Module):
    """Who may join."""

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    std_ages: tuple[str, ...] = ()
    study_population: str | None = None


class GeoPoint(Module):
    """Coordinates of a city in degrees."""

    lat: float | int | None = None
    lon: float | int | None = None


class Location(Module):
    """A site."""

    facility: str | None = None
    status: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    geo_point: GeoPoint | None = None


class ContactsModule(Module):
    """Sites."""

    locations: tuple[Location, ...] = ()


class Reference(Module):
    """A publication."""

    pmid: str | None = None
    type: str | None = None
    citation: str | None = None


class ReferencesModule(Module):
    """Publications."""

    references: tuple[Reference, ...] = ()


class IpdModule(Module):
    """Whether individual data are shared."""

    ipd_sharing: str | None = None


class ProtocolSection(Module):
    """Everything the sponsor registered."""

    identification_module: IdentificationModule
    status_module: StatusModule = StatusModule()
    sponsor_collaborators_module: SponsorModule = SponsorModule()
    oversight_module: OversightModule = OversightModule()
    description_module: DescriptionModule = DescriptionModule()
    conditions_module: ConditionsModule = ConditionsModule()
    design_module: DesignModule = DesignModule()
    arms_interventions_module: ArmsModule = ArmsModule()
    outcomes_module: OutcomesModule = OutcomesModule()
    eligibility_module: EligibilityModule = EligibilityModule()
    contacts_locations_module: ContactsModule = ContactsModule()
    references_module: ReferencesModule = ReferencesModule()
    ipd_sharing_statement_module: IpdModule = IpdModule()


class MeshTerm(Module):
    """A heading the registry assigned."""

    term: str | None = None
    id: str | None = None


class BrowseModule(Module):
    """Headings assigned by the registry's algorithm."""

    meshes: tuple[MeshTerm, ...] = ()
    ancestors: tuple[MeshTerm, ...] = ()


class DerivedSection(Module):
    """What the registry computed from the record."""

    condition_browse_module: BrowseModule = BrowseModule()
    intervention_browse_module: BrowseModule = BrowseModule()


class Record(Module):
    """A registered trial."""

    protocol_section: ProtocolSection
    derived_section: DerivedSection = DerivedSection()
    has_results: bool | None = None
    provenance: dict[str, Any] | None = Field(None, alias="_provenance")

    @classmethod
    def from_json(cls, value: Any) -> Record:
        """A record from a JSON value.

        Raises:
            InputError: naming the field that breaks the schema, and the value found there.
        """
        if not isinstance(value, dict):
            raise InputError(f"a record is a JSON object, not {_kind(value)}")
        if "protocolSection" not in value:
            raise InputError("this JSON has no 'protocolSection', so it is no ClinicalTrials.gov API v2 record")
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            raise InputError(_explained(error)) from None

    def to_json(self) -> dict[str, Any]:
        """The JSON value that was read."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the record's content, whatever the order of its keys."""
        text = json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def fields(self) -> Iterator[tuple[str, Any]]:
        """Every leaf with its path: `protocolSection.statusModule.overallStatus`, `…conditions[0]`."""
        return _leaves(self.to_json(), "")

    @property
    def nct_id(self) -> str:
        """The registry's number."""
        return self.identification.nct_id

    @property
    def title(self) -> str:
        """The brief title, or the official one, or the number."""
        return self.identification.brief_title or self.identification.official_title or self.nct_id

    @property
    def identification(self) -> IdentificationModule:
        """Numbers and titles."""
        return self.protocol_section.identification_module

    @property
    def status(self) -> StatusModule:
        """Status and dates."""
        return self.protocol_section.status_module

    @property
    def sponsors(self) -> SponsorModule:
        """Sponsor and collaborators."""
        return self.protocol_section.sponsor_collaborators_module

    @property
    def description(self) -> DescriptionModule:
        """Summary and description."""
        return self.protocol_section.description_module

    @property
    def conditions(self) -> ConditionsModule:
        """Conditions and keywords."""
        return self.protocol_section.conditions_module

    @property
    def design(self) -> DesignModule:
        """Kind of study, phases, design, size."""
        return self.protocol_section.design_module

    @property
    def arms(self) -> ArmsModule:
        """Arms and interventions."""
        return self.protocol_section.arms_interventions_module

    @property
    def outcomes(self) -> OutcomesModule:
        """Outcome measures."""
        return self.protocol_section.outcomes_module

    @property
    def eligibility(self) -> EligibilityModule:
        """Who may join."""
        return self.protocol_section.eligibility_module

    @property
    def contacts(self) -> ContactsModule:
        """Sites."""
        return self.protocol_section.contacts_locations_module

    @property
    def is_page(self) -> bool:
        """Whether it was read from the text of a record page, which states less than the registry."""
        return (self.provenance or {}).get("kind") == PAGE

    @property
    def processed(self) -> str | None:
        """The date the registry processed the data, where the record's provenance states it."""
        provenance = self.provenance or {}
        for key in ("processed", "downloadDate", "source"):
            found = re.search(r"\d{4}-\d{2}-\d{2}", str(provenance.get(key, "")))
            if found:
                return found[0]
        holder = (self.derived_section.model_extra or {}).get("miscInfoModule", {})
        version = holder.get("versionHolder") if isinstance(holder, dict) else None
        return version if isinstance(version, str) else None


def partial_date(text: str | None) -> PartialDate | None:
    """A registered date as an interval of days; None where it is absent or no date."""
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except GrammarError:
        return None


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def _explained(error: ValidationError) -> str:
    details = error.errors(include_url=False)
    first = details[0]
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]).lstrip(".")
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    if first["type"] == "missing":
        return f"{path} is missing{more}"
    message = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    found = shortened(json.dumps(first["input"], ensure_ascii=False, default=str), 40)
    return f"{path} should be {message}; found {found}{more}" if "valid" in message else f"{path}: {message}{more}"


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
