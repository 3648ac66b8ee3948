"""The tables of the OMOP Common Data Model that are read, and their columns in the order of the model's own definition.

Order matters for files without a header only. Source: the table definitions of CDM 5.3.1 and 5.4 (OHDSI).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trialrun.vocabulary.concepts import Domain


@dataclass(frozen=True, slots=True)
class EventTable:
    """A table whose rows become rows of people.

    Args:
        name: `condition_occurrence`.
        domain: What its rows are about.
        what: How its columns begin: `condition` of `condition_concept_id`.
        date: How its dates begin: `condition_start`, `measurement`.
        end: How its end dates begin; empty where it has none.
        instead_of: The table it stands in for, where that one is absent: eras are derived from it.
    """

    name: str
    domain: Domain
    what: str
    date: str
    end: str = ""
    instead_of: str = ""

    @property
    def key(self) -> str:
        """The column with the row's id."""
        return f"{self.name}_id"

    @property
    def domains(self) -> frozenset[Domain]:
        """What its rows may be about: vaccines stand among the drugs."""
        return frozenset({self.domain, Domain.IMMUNISATION} if self.domain is Domain.DRUG else {self.domain})


EVENT_TABLES = (
    EventTable("condition_occurrence", Domain.CONDITION, "condition", "condition_start", "condition_end"),
    EventTable("drug_exposure", Domain.DRUG, "drug", "drug_exposure_start", "drug_exposure_end"),
    EventTable("measurement", Domain.MEASUREMENT, "measurement", "measurement"),
    EventTable("procedure_occurrence", Domain.PROCEDURE, "procedure", "procedure", "procedure_end"),
    EventTable("observation", Domain.OBSERVATION, "observation", "observation"),
    EventTable("visit_occurrence", Domain.VISIT, "visit", "visit_start", "visit_end"),
    EventTable("device_exposure", Domain.DEVICE, "device", "device_exposure_start", "device_exposure_end"),
    EventTable(
        "condition_era",
        Domain.CONDITION,
        "condition",
        "condition_era_start",
        "condition_era_end",
        "condition_occurrence",
    ),
    EventTable("drug_era", Domain.DRUG, "drug", "drug_era_start", "drug_era_end", "drug_exposure"),
)

OTHER_NAMES = {"devices_exposure": "device_exposure", "procedures_occurrence": "procedure_occurrence"}
"""Names of files seen in the wild."""

PEOPLE_TABLES = ("person", "death", "observation_period")
VOCABULARY_TABLES = ("concept", "concept_ancestor", "drug_strength")

_MEASUREMENT = (
    "measurement_id person_id measurement_concept_id measurement_date measurement_datetime measurement_time "
    "measurement_type_concept_id operator_concept_id value_as_number value_as_concept_id unit_concept_id range_low "
    "range_high provider_id visit_occurrence_id visit_detail_id measurement_source_value measurement_source_concept_id "
    "unit_source_value "
)
_OBSERVATION = (
    "observation_id person_id observation_concept_id observation_date observation_datetime observation_type_concept_id "
    "value_as_number value_as_string value_as_concept_id qualifier_concept_id unit_concept_id provider_id "
    "visit_occurrence_id visit_detail_id observation_source_value observation_source_concept_id unit_source_value "
    "qualifier_source_value "
)
_DEVICE = (
    "device_exposure_id person_id device_concept_id device_exposure_start_date device_exposure_start_datetime "
    "device_exposure_end_date device_exposure_end_datetime device_type_concept_id unique_device_id {}quantity provider_id "
    "visit_occurrence_id visit_detail_id device_source_value device_source_concept_id {}"
)
_PROCEDURE = (
    "procedure_occurrence_id person_id procedure_concept_id procedure_date procedure_datetime {}"
    "procedure_type_concept_id modifier_concept_id quantity provider_id visit_occurrence_id visit_detail_id "
    "procedure_source_value procedure_source_concept_id modifier_source_value"
)
_LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "person": (
        "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime race_concept_id "
        "ethnicity_concept_id location_id provider_id care_site_id person_source_value gender_source_value "
        "gender_source_concept_id race_source_value race_source_concept_id ethnicity_source_value "
        "ethnicity_source_concept_id",
    ),
    "death": (
        "person_id death_date death_datetime death_type_concept_id cause_concept_id cause_source_value "
        "cause_source_concept_id",
    ),
    "observation_period": (
        "observation_period_id person_id observation_period_start_date observation_period_end_date "
        "period_type_concept_id",
    ),
    "condition_occurrence": (
        "condition_occurrence_id person_id condition_concept_id condition_start_date condition_start_datetime "
        "condition_end_date condition_end_datetime condition_type_concept_id condition_status_concept_id stop_reason "
        "provider_id visit_occurrence_id visit_detail_id condition_source_value condition_source_concept_id "
        "condition_status_source_value",
    ),
    "drug_exposure": (
        "drug_exposure_id person_id drug_concept_id drug_exposure_start_date drug_exposure_start_datetime "
        "drug_exposure_end_date drug_exposure_end_datetime verbatim_end_date drug_type_concept_id stop_reason refills "
        "quantity days_supply sig route_concept_id lot_number provider_id visit_occurrence_id visit_detail_id "
        "drug_source_value drug_source_concept_id route_source_value dose_unit_source_value",
    ),
    "measurement": (
        _MEASUREMENT + "value_source_value",
        _MEASUREMENT + "unit_source_concept_id value_source_value measurement_event_id meas_event_field_concept_id",
    ),
    "procedure_occurrence": (
        _PROCEDURE.format(""),
        _PROCEDURE.format("procedure_end_date procedure_end_datetime "),
    ),
    "observation": (_OBSERVATION, _OBSERVATION + "value_source_value observation_event_id obs_event_field_concept_id"),
    "visit_occurrence": (
        "visit_occurrence_id person_id visit_concept_id visit_start_date visit_start_datetime visit_end_date "
        "visit_end_datetime visit_type_concept_id provider_id care_site_id visit_source_value visit_source_concept_id "
        "admitted_from_concept_id admitted_from_source_value discharged_to_concept_id discharged_to_source_value "
        "preceding_visit_occurrence_id",
    ),
    "device_exposure": (
        _DEVICE.format("", ""),
        _DEVICE.format("production_id ", "unit_concept_id unit_source_value unit_source_concept_id"),
    ),
    "condition_era": (
        "condition_era_id person_id condition_concept_id condition_era_start_date condition_era_end_date "
        "condition_occurrence_count",
    ),
    "drug_era": (
        "drug_era_id person_id drug_concept_id drug_era_start_date drug_era_end_date drug_exposure_count gap_days",
    ),
    "drug_strength": (
        "drug_concept_id ingredient_concept_id amount_value amount_unit_concept_id numerator_value "
        "numerator_unit_concept_id denominator_value denominator_unit_concept_id box_size valid_start_date "
        "valid_end_date invalid_reason",
    ),
    "concept": (
        "concept_id concept_name domain_id vocabulary_id concept_class_id standard_concept concept_code "
        "valid_start_date valid_end_date invalid_reason",
    ),
    "concept_ancestor": (
        "ancestor_concept_id descendant_concept_id min_levels_of_separation max_levels_of_separation",
    ),
}


def layouts(table: str) -> tuple[tuple[str, ...], ...]:
    """The columns of a table in the order of CDM 5.3.1 and, where it differs, 5.4; empty for tables that are not read."""
    return tuple(tuple(words.split()) for words in _LAYOUTS.get(table, ()))


def first_columns(table: str) -> tuple[str, ...]:
    """Columns one of which every header of the table has."""
    return ("person_id", "concept_id", "ancestor_concept_id", "drug_concept_id", f"{table}_id")


def needed(table: str) -> tuple[str, ...]:
    """The columns without which a table cannot be read."""
    for spec in EVENT_TABLES:
        if spec.name == table:
            return ("person_id", f"{spec.what}_concept_id", f"{spec.date}_date")
    return {
        "person": ("person_id",),
        "death": ("person_id",),
        "observation_period": ("person_id", "observation_period_start_date", "observation_period_end_date"),
        "concept": ("concept_id", "concept_name", "vocabulary_id", "concept_code"),
        "concept_ancestor": ("ancestor_concept_id", "descendant_concept_id"),
        "drug_strength": ("drug_concept_id", "amount_value", "amount_unit_concept_id"),
    }.get(table, ())
