"""Inclusions I1, I2, I4, I5 and I6 of the founding study, case by case; the drugs of I3 have their own table."""

from __future__ import annotations

import pytest

from tests.people import Case, case, check, diagnosis, drug
from trialrun.patients.person import Sex, Status
from trialrun.protocol.load import ProtocolFile

AGE = [
    case("I1", "50 years old today", "met", birth="1976-11-24"),
    case("I1", "50 tomorrow", "not met", birth="1976-11-25"),
    case("I1", "50 since yesterday", "met", birth="1976-11-23"),
    case("I1", "90 years old: no upper limit", "met", birth="1936-01-01"),
    case("I1", "a man", "met", birth="1960-05-17", sex=Sex.MALE),
    case("I1", "sex not recorded: any sex may join", "met", birth="1960-05-17", sex=None),
    case("I1", "born 1975: 50 whatever the day", "met", birth="1975"),
    case("I1", "born 1976: 49 or 50", "unknown: PARTIAL_DATE", birth="1976"),
    case("I1", "born 1977: 49 at most", "not met", birth="1977"),
    case("I1", "born in October 1976", "met", birth="1976-10"),
    case("I1", "born in November 1976", "unknown: PARTIAL_DATE", birth="1976-11"),
    case("I1", "born in December 1976", "not met", birth="1976-12"),
    case("I1", "no birth date", "unknown: NO_BIRTH_DATE", birth=None),
    case("I1", "a birth date in the future is none", "unknown: NO_BIRTH_DATE", birth="2027-01-01"),
    case("I1", "leap-day child, 28 February of a common year", "met", birth="1976-02-29", on="2026-02-28"),
    case("I1", "leap-day child, the day before", "not met", birth="1976-02-29", on="2026-02-27"),
    case("I1", "leap-day child of 52 in a leap year", "met", birth="1976-02-29", on="2028-02-29"),
    case("I1", "50 on day 1, 49 at screening: screening counts", "not met", birth="1976-11-25", start="2026-12-07"),
    case("I1", "the word of the investigator does not make 49 years 50", "not met", birth="1977-03-01", I1="yes"),
    case("I1", "no birth date, the investigator vouches", "met", birth=None, I1="yes"),
]

PMR = [
    case("I2.1", "M35.3", "met", diagnosis("M35.3", "2026-03-01")),
    case("I2.1", "SNOMED CT 65323003", "met", diagnosis("65323003", "2026-03-01", system="SNOMED")),
    case("I2.1", "in words", "met", diagnosis("Polymyalgia rheumatica", "2026-03-01")),
    case("I2.1", "M31.5 is giant cell arteritis with polymyalgia", "met", diagnosis("M31.5", "2026-03-01")),
    case("I2.1", "ten years ago: no window is registered", "met", diagnosis("M35.3", "2016", "2017")),
    case("I2.1", "nothing recorded is no proof of absence", "unknown: NO_ROW"),
    case("I2.1", "refuted", "unknown: NO_ROW", diagnosis("M35.3", "2026-03-01", status=Status.REFUTED)),
    case(
        "I2.1", "entered in error", "unknown: NO_ROW", diagnosis("M35.3", "2026-03-01", status=Status.ENTERED_IN_ERROR)
    ),
    case("I2.1", "only suspected", "unknown: NO_ROW", diagnosis("suspected polymyalgia rheumatica", "2026-03-01")),
    case("I2.1", "dated after screening", "unknown: NO_ROW", diagnosis("M35.3", "2026-11-25")),
    case("I2.1", "dated on the day of screening", "met", diagnosis("M35.3", "2026-11-24")),
    case("I2.1", "fibromyalgia is another disease", "unknown: NO_ROW", diagnosis("M79.7", "2026-03-01")),
    case("I2.1", "nothing recorded, the investigator says yes", "met", I2_1="yes"),
    case("I2.1", "recorded, the investigator says no", "met", diagnosis("M35.3", "2026-03-01"), I2_1="no"),
    case("I2.2", "nobody was asked", "unknown: NEEDS_PERSON", diagnosis("M35.3", "2026-03-01")),
    case("I2.2", "asked, and does not know", "unknown: NEEDS_PERSON", I2_2="unknown"),
    case("I2.2", "yes", "met", I2_2="yes"),
    case("I2.2", "no", "not met", I2_2="no"),
    case("I2", "diagnosis and Nancy set", "met", diagnosis("M35.3", "2026-03-01"), I2_2="yes"),
    case("I2", "diagnosis, not the Nancy set", "not met", diagnosis("M35.3", "2026-03-01"), I2_2="no"),
    case("I2", "diagnosis alone", "unknown: NEEDS_PERSON", diagnosis("M35.3", "2026-03-01")),
    case("I2", "Nancy set without a diagnosis on record", "unknown: NO_ROW", I2_2="yes"),
]

CONSENT = [
    case("I4", "consent given, expected to comply", "met", I4_1="yes", I4_2="yes"),
    case("I4", "consent given, not expected to comply", "not met", I4_1="yes", I4_2="no"),
    case("I4", "no consent", "not met", I4_1="no"),
    case("I4", "consent given, nobody judged compliance", "unknown: NEEDS_PERSON", I4_1="yes"),
    case("I4.1", "nobody was asked", "unknown: NEEDS_PERSON"),
    case("I4.2", "the investigator cannot tell", "unknown: NEEDS_PERSON", I4_2="unknown"),
]

GIANT_CELL_ARTERITIS = [
    case("I5", "none recorded, the investigator confirms", "met", I5="yes"),
    case("I5", "none recorded, nobody confirms: a missing code is no exclusion", "unknown: NEEDS_PERSON"),
    case("I5", "none recorded, the investigator does not confirm", "not met", I5="no"),
    case("I5", "M31.6", "not met", diagnosis("M31.6", "2026-01-10")),
    case("I5", "M31.6 against the word of the investigator", "not met", diagnosis("M31.6", "2026-01-10"), I5="yes"),
    case("I5", "M31.5, with polymyalgia", "not met", diagnosis("M31.5", "2026-01-10"), I5="yes"),
    case("I5", "temporal arteritis", "not met", diagnosis("Temporal arteritis", "2026-01-10"), I5="yes"),
    case("I5", "Horton disease", "not met", diagnosis("Horton disease", "2026-01-10"), I5="yes"),
    case("I5", "healed 15 years ago: now or ever", "not met", diagnosis("M31.6", "2009", "2011"), I5="yes"),
    case("I5", "cluster headache, also named after Horton", "met", diagnosis("G44.009", "2026-01-10"), I5="yes"),
    case("I5", "polymyalgia alone", "met", diagnosis("M35.3", "2026-01-10"), I5="yes"),
    case(
        "I5", "suspected arteritis is for the investigator", "unknown: NEEDS_PERSON", diagnosis("suspected GCA", "2026")
    ),
    case("I5", "refuted", "met", diagnosis("M31.6", "2026-01-10", status=Status.REFUTED), I5="yes"),
]

# 4 weeks before 24 November are 27 October to 24 November.
NSAID = [
    case("I6", "none", "met"),
    case("I6", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case("I6", "none, and the record covers the 4 weeks", "met", covered=(("2026-10-27", "2026-11-24"),)),
    case(
        "I6", "none, and the record begins a day late", "unknown: NO_COVERAGE", covered=(("2026-10-28", "2026-11-24"),)
    ),
    case(
        "I6", "none, and the record ends a day early", "unknown: NO_COVERAGE", covered=(("2020-01-01", "2026-11-23"),)
    ),
    case("I6", "ibuprofen since spring", "met", drug("ibuprofen", "2026-03-01", dose=400, per_day=3)),
    case("I6", "started exactly 4 weeks ago", "met", drug("ibuprofen", "2026-10-27", dose=400, per_day=3)),
    case("I6", "started a day later", "not met", drug("ibuprofen", "2026-10-28", dose=400, per_day=3)),
    case("I6", "stopped inside the window", "not met", drug("naproxen", "2026-01-01", "2026-11-10", dose=500)),
    case(
        "I6",
        "last dose on the first day of the window",
        "not met",
        drug("naproxen", "2026-01-01", "2026-10-27", dose=500),
    ),
    case("I6", "last dose the day before the window", "met", drug("naproxen", "2026-01-01", "2026-10-26", dose=500)),
    case(
        "I6",
        "dose lowered 2 weeks ago",
        "not met",
        drug("ibuprofen", "2026-03-01", "2026-11-09", dose=600, per_day=3),
        drug("ibuprofen", "2026-11-10", dose=400, per_day=3),
    ),
    case(
        "I6",
        "the next prescription of the same dose",
        "met",
        drug("ibuprofen", "2026-03-01", "2026-11-09", dose=400, per_day=3),
        drug("ibuprofen", "2026-11-10", dose=400, per_day=3),
    ),
    case(
        "I6",
        "changed from one to another",
        "not met",
        drug("ibuprofen", "2026-03-01", "2026-11-09", dose=400, per_day=3),
        drug("naproxen", "2026-11-10", dose=500),
    ),
    case("I6", "dose not stated", "unknown: NO_DOSE", drug("ibuprofen", "2026-03-01")),
    case("I6", "how often is not stated", "unknown: NO_DOSE", drug("ibuprofen", "2026-03-01", dose=400, per_day=None)),
    case(
        "I6",
        "no end and no status",
        "unknown: NO_END",
        drug("ibuprofen", "2026-03-01", dose=400, status=Status.UNKNOWN),
    ),
    case(
        "I6",
        "stopped, nobody says when",
        "unknown: NO_END",
        drug("ibuprofen", "2026-03-01", dose=400, status=Status.STOPPED),
    ),
    case("I6", "since some day of October", "unknown: PARTIAL_DATE", drug("ibuprofen", "2026-10", dose=400)),
    case("I6", "since some day of September", "met", drug("ibuprofen", "2026-09", dose=400)),
    case("I6", "starts tomorrow", "met", drug("ibuprofen", "2026-11-25", dose=400)),
    case("I6", "paracetamol is none", "met", drug("paracetamol", "2026-11-20", dose=500)),
]


@pytest.mark.parametrize("one", [*AGE, *PMR, *CONSENT, *GIANT_CELL_ARTERITIS, *NSAID], ids=str)
def test_inclusion(one: Case, founding: ProtocolFile) -> None:
    check(one, founding)
