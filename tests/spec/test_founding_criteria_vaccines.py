"""Exclusions E11, E12 and E13 of the founding study, case by case: live vaccines, pregnancy, contraception."""

from __future__ import annotations

import pytest

from tests.people import Case, case, check, diagnosis, result, vaccine
from trialrun.patients.person import Sex, Status
from trialrun.protocol.load import ProtocolFile

# 3 months before 24 November are 24 August, 12 months before it 24 November 2025.
LIVE = [
    case("E11.a", "none", "not met"),
    case("E11.a", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case("E11.a", "none, and the record covers the 3 months", "not met", covered=(("2026-08-24", "2026-11-24"),)),
    case(
        "E11.a",
        "none, and the record begins a day late",
        "unknown: NO_COVERAGE",
        covered=(("2026-08-25", "2026-11-24"),),
    ),
    case("E11.a", "MMR exactly 3 months ago", "met", vaccine("MMR", "2026-08-24")),
    case("E11.a", "MMR a day before that", "not met", vaccine("MMR", "2026-08-23")),
    case("E11.a", "varicella", "met", vaccine("varicella vaccine", "2026-10-01")),
    case("E11.a", "live zoster vaccine", "met", vaccine("Zostavax", "2026-10-01")),
    case("E11.a", "recombinant zoster vaccine", "not met", vaccine("Shingrix", "2026-10-01")),
    case("E11.a", "recombinant zoster vaccine by CVX 187", "not met", vaccine("", "2026-10-01", cvx="187")),
    case("E11.a", "'zoster vaccine' and no more", "unknown: NO_KIND", vaccine("zoster vaccine", "2026-10-01")),
    case("E11.a", "CVX 188, zoster of unstated kind", "unknown: NO_KIND", vaccine("", "2026-10-01", cvx="188")),
    case(
        "E11.a",
        "zoster of unstated kind, which was the live one",
        "met",
        vaccine("", "2026-10-01", cvx="188"),
        E11_a="yes",
    ),
    case(
        "E11.a", "zoster of unstated kind, which was not", "not met", vaccine("", "2026-10-01", cvx="188"), E11_a="no"
    ),
    case("E11.a", "inactivated influenza vaccine", "not met", vaccine("influenza, seasonal, injectable", "2026-10-01")),
    case("E11.a", "live nasal influenza vaccine", "met", vaccine("FluMist", "2026-10-01")),
    case("E11.a", "yellow fever", "met", vaccine("yellow fever vaccine", "2026-10-01")),
    case("E11.a", "oral polio", "met", vaccine("OPV", "2026-10-01")),
    case("E11.a", "inactivated polio", "not met", vaccine("IPV", "2026-10-01")),
    case("E11.a", "oral typhoid", "met", vaccine("Vivotif", "2026-10-01")),
    case("E11.a", "Japanese encephalitis SA14-14-2", "met", vaccine("SA14-14-2", "2026-10-01")),
    case("E11.a", "mRNA against COVID-19", "not met", vaccine("Comirnaty", "2026-10-01")),
    case("E11.a", "MMR not given", "not met", vaccine("MMR", "2026-10-01", status=Status.NOT_DONE)),
    case("E11.a", "MMR planned for next week", "not met", vaccine("MMR", "2026-12-01")),
    case("E11.a", "MMR some day of August", "unknown: PARTIAL_DATE", vaccine("MMR", "2026-08")),
    case("E11.a", "MMR some day of July", "not met", vaccine("MMR", "2026-07")),
    case("E11.a", "a row without code and words", "unknown: UNREAD", vaccine("", "2026-10-01")),
    case(
        "E11.a",
        "within 3 months of screening, not of day 1",
        "not met",
        vaccine("MMR", "2026-08-24"),
        start="2026-12-07",
    ),
    case("E11.a", "31 May: 3 months earlier is 28 February", "met", vaccine("MMR", "2026-02-28"), on="2026-05-31"),
    case("E11.d", "BCG exactly 12 months ago", "met", vaccine("BCG", "2025-11-24")),
    case("E11.d", "BCG a day before that", "not met", vaccine("BCG", "2025-11-23")),
    case("E11.d", "BCG by CVX 19", "met", vaccine("", "2026-03-01", cvx="19")),
    case("E11.d", "MMR is no BCG", "not met", vaccine("MMR", "2026-03-01")),
    case("E11.a", "BCG 8 months ago is older than 3 months", "not met", vaccine("BCG", "2026-03-01")),
    case("E11", "BCG 8 months ago excludes by (d)", "met", vaccine("BCG", "2026-03-01")),
    case("E11.b", "expects a live vaccine during the study", "met", E11_b="yes"),
    case("E11.b", "nobody asked", "unknown: NEEDS_PERSON"),
    case("E11.c", "expects one within 4 months after the last dose", "met", E11_c="yes"),
    case("E11", "none on record, none expected", "not met", E11_b="no", E11_c="no"),
    case("E11", "none on record, nobody asked for later", "unknown: NEEDS_PERSON", E11_b="no"),
]

PREGNANCY = [
    case("E12.a", "test positive", "met", result("pregnancy test", "Positive")),
    case("E12.a", "test negative", "not met", result("pregnancy test", "Negative")),
    case("E12.a", "no test, age alone proves nothing", "unknown: NO_ROW", birth="1950-01-01"),
    case("E12.a", "negative exactly 28 days ago", "not met", result("pregnancy test", "Negative", "2026-10-27")),
    case("E12.a", "negative a day before that", "unknown: NO_ROW", result("pregnancy test", "Negative", "2026-10-26")),
    case(
        "E12.a",
        "positive 3 weeks ago, negative since: latest",
        "not met",
        result("pregnancy test", "Positive", "2026-11-03"),
        result("pregnancy test", "Negative", "2026-11-20"),
    ),
    case("E12.a", "indeterminate", "unknown: NO_VALUE", result("pregnancy test", "Indeterminate")),
    case("E12.a", "pregnant on record, going on", "met", diagnosis("Z34.90", "2026-10-01")),
    case(
        "E12.a", "a pregnancy of last year, no test", "unknown: NO_ROW", diagnosis("Z34.90", "2025-01-01", "2025-09-30")
    ),
    case("E12.a", "no test, the investigator says not pregnant", "not met", E12_a="no"),
    case("E12.a", "test positive against the word", "met", result("pregnancy test", "Positive"), E12_a="no"),
    case("E12", "pregnant", "met", result("pregnancy test", "Positive")),
    case("E12", "lactating", "met", E12_b="yes"),
    case("E12", "could become pregnant, declines contraception", "met", E12_c="yes", E12_d="yes"),
    case(
        "E12",
        "could become pregnant, accepts contraception",
        "not met",
        result("pregnancy test", "Negative"),
        E12_b="no",
        E12_c="yes",
        E12_d="no",
    ),
    case(
        "E12", "cannot become pregnant, nothing asked on contraception", "not met", E12_a="no", E12_b="no", E12_c="no"
    ),
    case(
        "E12",
        "could become pregnant, nobody asked on contraception",
        "unknown: NEEDS_PERSON",
        E12_a="no",
        E12_b="no",
        E12_c="yes",
    ),
    case("E12", "accepts contraception, fertile or not", "not met", E12_a="no", E12_b="no", E12_d="no"),
    case("E12", "a man, whatever else", "not met", sex=Sex.MALE, E12_c="yes", E12_d="yes"),
    case("E12", "sex not recorded, everything denied", "not met", sex=None, E12_a="no", E12_b="no", E12_c="no"),
    case("E12", "sex not recorded, pregnant", "unknown: NO_SEX", result("pregnancy test", "Positive"), sex=None),
    case(
        "E12", "sex recorded as other, pregnant", "unknown: NO_SEX", result("pregnancy test", "Positive"), sex=Sex.OTHER
    ),
]

MEN = [
    case("E13", "fertile partner, declines contraception", "met", sex=Sex.MALE, E13_a="yes", E13_b="yes"),
    case("E13", "fertile partner, accepts contraception", "not met", sex=Sex.MALE, E13_a="yes", E13_b="no"),
    case("E13", "no fertile partner, nothing else asked", "not met", sex=Sex.MALE, E13_a="no"),
    case("E13", "nobody asked", "unknown: NEEDS_PERSON", sex=Sex.MALE),
    case("E13", "fertile partner, nobody asked on contraception", "unknown: NEEDS_PERSON", sex=Sex.MALE, E13_a="yes"),
    case("E13", "declines, nobody asked about the partner", "unknown: NEEDS_PERSON", sex=Sex.MALE, E13_b="yes"),
    case("E13", "a woman, whatever else", "not met", E13_a="yes", E13_b="yes"),
    case("E13", "sex not recorded, no fertile partner", "not met", sex=None, E13_a="no"),
    case("E13", "sex not recorded, fertile partner, declines", "unknown: NO_SEX", sex=None, E13_a="yes", E13_b="yes"),
    case(
        "E13",
        "sex recorded as other, fertile partner, declines",
        "unknown: NO_SEX",
        sex=Sex.OTHER,
        E13_a="yes",
        E13_b="yes",
    ),
]


@pytest.mark.parametrize("one", [*LIVE, *PREGNANCY, *MEN], ids=str)
def test_vaccines_and_pregnancy(one: Case, founding: ProtocolFile) -> None:
    check(one, founding)
