"""Names of code systems: one canonical name for each of the ways records write them."""

from __future__ import annotations

import re
from functools import lru_cache

WHOLE = frozenset({"ICD10CM", "ICD10", "CVX"})
"""Systems whose codes the shipped terms read as a whole: a code that no term has is then none of the terms.

Of the other systems only single codes are known. A row that has nothing but such a code (a SNOMED CT id or an RxNorm
product without words) may be anything.
"""

_NAMES = {
    "ICD10CM": ("icd-10-cm", "icd10cm", "http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90"),
    "ICD10": (
        "icd-10",
        "icd10",
        "http://hl7.org/fhir/sid/icd-10",
        "http://hl7.org/fhir/sid/icd-10-gm",
        "http://fhir.de/codesystem/bfarm/icd-10-gm",
        "2.16.840.1.113883.6.3",
        "icd10gm",
    ),
    "ICD9CM": (
        "icd-9-cm",
        "icd9cm",
        "http://hl7.org/fhir/sid/icd-9-cm",
        "http://terminology.hl7.org/codesystem/icd9cm",
        "2.16.840.1.113883.6.103",
        "2.16.840.1.113883.6.104",
    ),
    "SNOMED": (
        "snomed",
        "snomed ct",
        "snomed-ct",
        "snomedct",
        "snomedct_us",
        "http://snomed.info/sct",
        "2.16.840.1.113883.6.96",
    ),
    "RXNORM": ("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm", "2.16.840.1.113883.6.88"),
    "RXNORM EXTENSION": ("rxnorm extension",),
    "NDC": ("ndc", "http://hl7.org/fhir/sid/ndc", "2.16.840.1.113883.6.69"),
    "CVX": ("cvx", "http://hl7.org/fhir/sid/cvx", "2.16.840.1.113883.12.292"),
    "LOINC": ("loinc", "http://loinc.org", "2.16.840.1.113883.6.1"),
    "OMOP": ("omop", "http://ohdsi.org/omop", "https://athena.ohdsi.org", "http://athena.ohdsi.org"),
    "ATC": ("atc", "http://www.whocc.no/atc", "2.16.840.1.113883.6.73"),
    "CPT4": ("cpt4", "cpt", "http://www.ama-assn.org/go/cpt", "2.16.840.1.113883.6.12"),
    "HCPCS": ("hcpcs", "http://terminology.hl7.org/codesystem/hcpcs", "2.16.840.1.113883.6.14"),
    "ICD10PCS": ("icd-10-pcs", "icd10pcs", "http://www.cms.gov/medicare/coding/icd10", "2.16.840.1.113883.6.4"),
    "UNII": ("unii", "http://fdasis.nlm.nih.gov", "2.16.840.1.113883.4.9"),
}
KNOWN = frozenset(_NAMES)
"""The canonical names."""

_CANONICAL = {written: name for name, writings in _NAMES.items() for written in writings}


@lru_cache(maxsize=1024)
def code_system(uri_or_name: str) -> str:
    """The canonical name of a code system: `ICD10CM`, `SNOMED`, `RXNORM`, …; an unknown one stays as written.

    Reads web addresses with http or https and with or without a version, OIDs with or without `urn:oid:`, and the
    vocabulary ids of OMOP.
    """
    written = uri_or_name.strip()
    plain = written.casefold().rstrip("/").removeprefix("urn:oid:")
    plain = re.sub(r"^https:", "http:", plain).split("|")[0].rstrip("/")
    if plain.startswith("http://snomed.info/"):
        return "SNOMED"
    return _CANONICAL.get(plain, written)


@lru_cache(maxsize=65_536)
def plain_code(system: str, code: str) -> str:
    """A code as it is compared: ICD without dot and in capitals, CVX with two digits, NDC without hyphens."""
    trimmed = code.strip()
    if system in ("ICD10CM", "ICD10", "ICD9CM", "ICD10PCS"):
        return trimmed.replace(".", "").upper()
    if system == "CVX":
        return (trimmed.lstrip("0") or "0").zfill(2)
    if system == "NDC":
        return trimmed.replace("-", "")
    return trimmed
