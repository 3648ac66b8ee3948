"""The drugs of the founding study, case by case: glucocorticoids, DMARDs, washouts (I3), antibodies (E1), high doses (E2)."""

from __future__ import annotations

import pytest

from tests.people import Case, case, check, drug, given
from trialrun.patients.person import Status
from trialrun.protocol.load import ProtocolFile

# 10 mg of prednisone a day, and a little more, in each glucocorticoid with an agreed equivalent.
LIMITS = (
    ("prednisone", 10, 10.1),
    ("prednisolone", 10, 10.1),
    ("methylprednisolone", 8, 8.1),
    ("triamcinolone", 8, 8.1),
    ("hydrocortisone", 40, 40.5),
    ("cortisone", 50, 50.5),
    ("dexamethasone", 1.5, 1.51),
    ("betamethasone", 1.2, 1.21),
    ("deflazacort", 12, 12.1),
)
EQUIVALENTS = [
    one
    for name, limit, above in LIMITS
    for one in (
        case("I3.1", f"{name} {limit} mg/day", "met", drug(name, "2026-03-01", dose=limit)),
        case("I3.1", f"{name} {above} mg/day", "not met", drug(name, "2026-03-01", dose=above)),
        case("E2", f"{name} {limit} mg/day", "not met", drug(name, "2026-03-01", dose=limit)),
        case("E2", f"{name} {above} mg/day", "met", drug(name, "2026-03-01", dose=above)),
    )
]

# 4 weeks before 24 November are 27 October to 24 November.
GLUCOCORTICOID = [
    case("I3.1", "none", "met"),
    case("I3.1", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case(
        "I3.1", "none on the day of enrolment, which the record covers", "met", covered=(("2026-11-24", "2026-11-24"),)
    ),
    case("I3.1", "7.5 mg since 10 August", "met", drug("prednisone", "2026-08-10", dose=7.5)),
    case("I3.1", "5 mg twice a day", "met", drug("prednisone", "2026-08-10", dose=5, per_day=2)),
    case("I3.1", "6 mg twice a day", "not met", drug("prednisone", "2026-08-10", dose=6, per_day=2)),
    case(
        "I3.1",
        "20 mg every other day: 10 mg on average, 20 mg on the day",
        "unknown: NO_DOSE",
        drug("prednisone", "2026-08-10", dose=20, per_day=0.5),
    ),
    case("I3.1", "10 mg every other day", "met", drug("prednisone", "2026-08-10", dose=10, per_day=0.5)),
    case("I3.1", "0.01 g", "met", drug("prednisone", "2026-08-10", dose=0.01, unit="g")),
    case("I3.1", "started exactly 4 weeks ago", "met", drug("prednisone", "2026-10-27", dose=5)),
    case("I3.1", "started a day later", "not met", drug("prednisone", "2026-10-28", dose=5)),
    case(
        "I3.1",
        "lowered 20 days ago: lower is not stable",
        "not met",
        drug("prednisone", "2026-05-01", "2026-11-03", dose=7.5),
        drug("prednisone", "2026-11-04", dose=5),
    ),
    case(
        "I3.1",
        "lowered on the first day of the 4 weeks",
        "met",
        drug("prednisone", "2026-05-01", "2026-10-26", dose=7.5),
        drug("prednisone", "2026-10-27", dose=5),
    ),
    case(
        "I3.1",
        "the next prescription of the same dose",
        "met",
        drug("prednisone", "2026-05-01", "2026-11-03", dose=5),
        drug("prednisone", "2026-11-04", dose=5),
    ),
    case(
        "I3.1",
        "two at once that add up to 10 mg",
        "met",
        drug("prednisone", "2026-05-01", dose=5),
        drug("hydrocortisone", "2026-05-01", dose=20),
    ),
    case(
        "I3.1",
        "two at once that add up to 11 mg",
        "not met",
        drug("prednisone", "2026-05-01", dose=5),
        drug("hydrocortisone", "2026-05-01", dose=24),
    ),
    case(
        "I3.1",
        "the same row twice: 7.5 mg sent twice, or 15 mg",
        "unknown: CONFLICTING",
        drug("prednisone", "2026-05-01", dose=7.5),
        drug("prednisone", "2026-05-01", dose=7.5),
    ),
    case(
        "I3.1",
        "40 mg entered in error",
        "met",
        drug("prednisone", "2026-05-01", dose=5),
        drug("prednisone", "2026-11-01", dose=40, status=Status.ENTERED_IN_ERROR),
    ),
    case("I3.1", "20 mg planned from tomorrow", "met", drug("prednisone", "2026-11-25", dose=20)),
    case("I3.1", "20 mg, never started", "met", drug("prednisone", "2026-11-01", dose=20, status=Status.NOT_DONE)),
    case("I3.1", "to be taken until next year", "met", drug("prednisone", "2026-05-01", "2027-05-01", dose=5)),
    case("I3.1", "dose not stated", "unknown: NO_DOSE", drug("prednisone", "2026-05-01")),
    case("I3.1", "how often is not stated", "unknown: NO_DOSE", drug("prednisone", "2026-05-01", dose=5, per_day=None)),
    case("I3.1", "unit not stated", "unknown: NO_DOSE", drug("prednisone", "2026-05-01", dose=5, unit="")),
    case("I3.1", "in tablets", "unknown: NO_DOSE", drug("prednisone", "2026-05-01", dose=1, unit="{tablet}")),
    case("I3.1", "a negative dose is none", "unknown: NO_DOSE", drug("prednisone", "2026-05-01", dose=-5)),
    case("I3.1", "route not stated", "unknown: NO_ROUTE", drug("prednisone", "2026-05-01", dose=5, route="")),
    case(
        "I3.1",
        "no end and no status",
        "unknown: NO_END",
        drug("prednisone", "2026-05-01", dose=5, status=Status.UNKNOWN),
    ),
    case(
        "I3.1",
        "stopped, nobody says when",
        "unknown: NO_END",
        drug("prednisone", "2026-05-01", dose=5, status=Status.STOPPED),
    ),
    case("I3.1", "since some day of October", "unknown: PARTIAL_DATE", drug("prednisone", "2026-10", dose=5)),
    case("I3.1", "since some day of September", "met", drug("prednisone", "2026-09", dose=5)),
    case(
        "I3.1",
        "budesonide by mouth has no equivalent",
        "unknown: NO_EQUIVALENT",
        drug("budesonide", "2026-05-01", dose=9),
    ),
    case(
        "I3.1", "inhaled budesonide is not systemic", "met", drug("budesonide", "2026-11-01", dose=0.8, route="inhaled")
    ),
    case("I3.1", "hydrocortisone cream", "met", drug("hydrocortisone", "2026-11-01", dose=100, route="topical")),
    case(
        "I3.1",
        "an injection into a joint",
        "met",
        given("triamcinolone", "2026-11-20", dose=40, route="intra-articular"),
    ),
    case("I3.1", "an unmapped drug may be one", "unknown: UNREAD", drug("", "2026-05-01", code=("local", "X-17"))),
    case(
        "I3.1",
        "an unmapped drug of years ago is none of today",
        "met",
        drug("", "2019-01-01", "2019-03-01", code=("local", "X-17")),
    ),
    case(
        "I3.1",
        "5 mg and an unmapped drug, which may be another",
        "unknown: UNREAD",
        drug("prednisone", "2026-05-01", dose=5),
        drug("", "2026-05-01", code=("local", "X-17")),
    ),
    case("I3.1", "'steroid' by mouth and no more", "unknown: NO_KIND", drug("steroid", "2026-05-01", dose=5)),
    case("I3.4.a", "never one", "met"),
    case("I3.4.a", "stopped exactly 2 weeks ago", "met", drug("prednisone", "2026-01-01", "2026-11-10", dose=5)),
    case("I3.4.a", "stopped 13 days ago", "not met", drug("prednisone", "2026-01-01", "2026-11-11", dose=5)),
    case(
        "I3.4.a",
        "15 mg stopped 2 weeks ago is washed out here",
        "met",
        drug("prednisone", "2026-01-01", "2026-11-10", dose=15),
    ),
    case(
        "E2",
        "15 mg stopped 2 weeks ago is too high there (C2)",
        "met",
        drug("prednisone", "2026-01-01", "2026-11-10", dose=15),
    ),
    case("I3.4.a", "going on unchanged", "met", drug("prednisone", "2026-01-01", dose=5)),
    case(
        "I3.4.a",
        "prednisone changed for methylprednisolone: the one is not washed out, the other not stable",
        "not met",
        drug("prednisone", "2026-01-01", "2026-11-13", dose=5),
        drug("methylprednisolone", "2026-11-14", dose=4),
    ),
    case(
        "I3.4.a",
        "a joint injection 5 days ago",
        "met",
        given("triamcinolone", "2026-11-19", dose=40, route="intra-articular"),
    ),
]

DMARDS = [
    case("I3.2", "none", "met"),
    case("I3.2", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case(
        "I3.2",
        "methotrexate 15 mg a week since spring",
        "met",
        drug("methotrexate", "2026-03-01", dose=15, per_day=1 / 7),
    ),
    case(
        "I3.2",
        "methotrexate started 3 weeks ago",
        "not met",
        drug("methotrexate", "2026-11-03", dose=15, per_day=1 / 7),
    ),
    case(
        "I3.2",
        "refilled on the day the last prescription ended",
        "met",
        drug("methotrexate", "2026-01-06", "2026-11-10", dose=15, per_day=1 / 7),
        drug("methotrexate", "2026-11-10", dose=15, per_day=1 / 7),
    ),
    case(
        "I3.2",
        "recorded as an injection every week",
        "unknown: NO_DOSE",
        *(given("methotrexate", f"2026-{day}", dose=15) for day in ("10-27", "11-03", "11-10", "11-17", "11-24")),
    ),
    case(
        "I3.2",
        "injections every week, of which one was larger",
        "not met",
        *(given("methotrexate", f"2026-{day}", dose=15) for day in ("10-27", "11-03", "11-10", "11-17")),
        given("methotrexate", "2026-11-24", dose=20),
    ),
    case("I3.2", "started exactly 4 weeks ago", "met", drug("methotrexate", "2026-10-27", dose=15, per_day=1 / 7)),
    case(
        "I3.2",
        "raised 2 weeks ago",
        "not met",
        drug("methotrexate", "2026-03-01", "2026-11-09", dose=10, per_day=1 / 7),
        drug("methotrexate", "2026-11-10", dose=15, per_day=1 / 7),
    ),
    case(
        "I3.2",
        "one stable, the other started last week: each counts",
        "not met",
        drug("methotrexate", "2026-03-01", dose=15, per_day=1 / 7),
        drug("hydroxychloroquine", "2026-11-17", dose=200),
    ),
    case("I3.2", "hydroxychloroquine going on", "met", drug("Plaquenil", "2026-03-01", dose=400)),
    case(
        "I3.2",
        "hydroxychloroquine stopped last week: no washout is registered for it",
        "met",
        drug("hydroxychloroquine", "2026-03-01", "2026-11-17", dose=400),
    ),
    case(
        "I3.4",
        "hydroxychloroquine stopped last week",
        "met",
        drug("hydroxychloroquine", "2026-03-01", "2026-11-17", dose=400),
    ),
    case("I3.2", "morphine is never mycophenolate", "met", drug("morphine", "2026-11-20", dose=20)),
    case("I3.4.b", "morphine is never mycophenolate", "met", drug("morphine", "2026-01-01", "2026-11-20", dose=20)),
    case("I3.2", "mycophenolate started last week", "not met", drug("CellCept", "2026-11-17", dose=500, per_day=2)),
    case(
        "I3.2",
        "ciclosporin, the other spelling, started last week",
        "not met",
        drug("ciclosporin", "2026-11-17", dose=100),
    ),
    case("I3.2", "sulfasalazine started last week: 'etc.'", "not met", drug("sulfasalazine", "2026-11-17", dose=1000)),
    case(
        "I3.2", "tofacitinib started last week: 'etc.'", "not met", drug("tofacitinib", "2026-11-17", dose=5, per_day=2)
    ),
    case("I3.2", "iguratimod going on: 'etc.'", "met", drug("iguratimod", "2026-03-01", dose=25, per_day=2)),
    case("I3.2", "'DMARD' and no more, since last week", "unknown: NO_KIND", drug("DMARD", "2026-11-17", dose=5)),
    case("I3.2", "dose not stated", "unknown: NO_DOSE", drug("methotrexate", "2026-03-01")),
    case(
        "I3.4.b",
        "methotrexate stopped exactly 4 weeks ago",
        "met",
        drug("methotrexate", "2026-01-01", "2026-10-27", dose=2),
    ),
    case(
        "I3.4.b",
        "methotrexate stopped 27 days ago",
        "not met",
        drug("methotrexate", "2026-01-01", "2026-10-28", dose=2),
    ),
    case(
        "I3.4.b",
        "azathioprine stopped 10 days ago",
        "not met",
        drug("azathioprine", "2026-01-01", "2026-11-14", dose=100),
    ),
    case("I3.4.b", "leflunomide going on", "met", drug("leflunomide", "2026-01-01", dose=20)),
    case("I3.4.b", "tacrolimus going on", "met", drug("tacrolimus", "2026-01-01", dose=1, per_day=2)),
    case("I3.4.b", "tacrolimus started 10 days ago", "not met", drug("tacrolimus", "2026-11-14", dose=1, per_day=2)),
    case("I3.4.b", "methotrexate stopped in September", "met", drug("methotrexate", "2026-01-01", "2026-09", dose=2)),
    case(
        "I3.4.b",
        "methotrexate stopped in October",
        "unknown: PARTIAL_DATE",
        drug("methotrexate", "2026-01-01", "2026-10", dose=2),
    ),
    case("I3.4.b", "none, in the 4 weeks the record covers", "met", covered=(("2026-10-27", "2026-11-24"),)),
    case(
        "I3.4.b",
        "none, and the record begins a day late",
        "unknown: NO_COVERAGE",
        covered=(("2026-10-28", "2026-11-24"),),
    ),
    case(
        "I3.4.b",
        "two periods without a gap cover the 4 weeks",
        "met",
        covered=(("2026-10-01", "2026-11-09"), ("2026-11-10", "2026-11-24")),
    ),
    case(
        "I3.4.b",
        "two periods with a day between them do not",
        "unknown: NO_COVERAGE",
        covered=(("2026-10-01", "2026-11-09"), ("2026-11-11", "2026-11-24")),
    ),
    case(
        "I3.4.b",
        "one washed out, of the others nothing is known",
        "unknown: NO_COVERAGE",
        drug("methotrexate", "2024-01-01", "2025-01-01", dose=2),
        covered=(),
    ),
]

# 2 months before 24 November is 24 September, 6 months 24 May, 12 weeks 1 September.
WASHOUTS = [
    case("I3.4.c", "immunoglobulin into a vein exactly 2 months ago", "met", given("immunoglobulin", "2026-09-24")),
    case("I3.4.c", "immunoglobulin into a vein a day later", "not met", given("immunoglobulin", "2026-09-25")),
    case("I3.4.c", "immunoglobulin under the skin", "met", given("immunoglobulin", "2026-11-01", route="subcutaneous")),
    case(
        "I3.4.c",
        "immunoglobulin, route not stated",
        "unknown: NO_ROUTE",
        given("immunoglobulin", "2026-11-01", route=""),
    ),
    case("I3.4.c", "anti-D into a muscle", "met", given("anti-D immunoglobulin", "2026-11-01", route="intramuscular")),
    case(
        "I3.4.c",
        "cyclophosphamide by mouth until 2 months ago",
        "met",
        drug("cyclophosphamide", "2026-01-01", "2026-09-24", dose=50),
    ),
    case("I3.4.c", "cyclophosphamide into a vein last month", "not met", given("cyclophosphamide", "2026-10-24")),
    case("I3.4.d", "rituximab exactly 6 months ago", "met", given("rituximab", "2026-05-24")),
    case("I3.4.d", "rituximab a day later", "not met", given("rituximab", "2026-05-25")),
    case("I3.4.d", "rituximab under a brand name", "not met", given("MabThera", "2026-07-01")),
    case(
        "I3.4.d", "31 August: 6 months earlier is 28 February", "met", given("rituximab", "2026-02-28"), on="2026-08-31"
    ),
    case("I3.4.d", "31 August: 1 March is too late", "not met", given("rituximab", "2026-03-01"), on="2026-08-31"),
    case("I3.4.d", "31 August of a leap year: 29 February", "met", given("rituximab", "2028-02-29"), on="2028-08-31"),
    case("I3.4.d", "rituximab last year", "met", given("rituximab", "2025")),
    case("I3.4.d", "rituximab this year", "unknown: PARTIAL_DATE", given("rituximab", "2026")),
    case("I3.4.d", "infliximab is row e", "met", given("infliximab", "2026-11-01")),
    case(
        "I3.4.e", "etanercept until exactly 12 weeks ago", "met", drug("etanercept", "2026-01-01", "2026-09-01", dose=7)
    ),
    case("I3.4.e", "etanercept a day later", "not met", drug("etanercept", "2026-01-01", "2026-09-02", dose=7)),
    case("I3.4.e", "infliximab exactly 12 weeks ago is washed out here", "met", given("infliximab", "2026-09-01")),
    case("E1", "infliximab exactly 12 weeks ago is too late there (C2)", "met", given("infliximab", "2026-09-01")),
    case("I3.4.e", "anakinra last month", "not met", drug("anakinra", "2026-01-01", "2026-10-24", dose=100)),
    case("I3.4.e", "abatacept last month: 'etc.'", "not met", given("abatacept", "2026-10-24")),
    case("I3.4.e", "denosumab 8 weeks ago: a biologic, if no DMARD", "not met", given("denosumab", "2026-09-29")),
    case("I3.4.e", "rituximab is row d", "met", given("rituximab", "2026-10-24")),
    case("I3.4.e", "etanercept going on unchanged", "met", drug("etanercept", "2026-01-01", dose=7)),
    case("I3.4.e", "insulin is no biologic here", "met", drug("insulin glargine", "2026-11-01", route="subcutaneous")),
    case(
        "I3.4.e",
        "etanercept washed out, of other biologics nothing is known",
        "unknown: NO_COVERAGE",
        drug("etanercept", "2024-01-01", "2025-01-01", dose=7),
        covered=(),
    ),
    case(
        "I3.4.e",
        "etanercept washed out, and an unmapped drug last month",
        "unknown: UNREAD",
        drug("etanercept", "2024-01-01", "2025-01-01", dose=7),
        drug("", "2026-10-24", "2026-10-24", code=("local", "X-17")),
    ),
    case("I3", "nothing recorded in a whole record", "met"),
    case(
        "I3",
        "methotrexate and prednisone going on unchanged",
        "met",
        drug("methotrexate", "2026-01-01", dose=15, per_day=1 / 7),
        drug("prednisone", "2026-01-01", dose=5),
    ),
    case(
        "I3",
        "rituximab last month decides, whatever else is missing",
        "not met",
        given("rituximab", "2026-10-24"),
        drug("prednisone", "2026-01-01"),
    ),
]

ANTIBODIES = [
    case("E1", "none", "not met"),
    case("E1", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case("E1", "none, and the record covers the 6 months", "not met", covered=(("2026-05-24", "2026-11-24"),)),
    case(
        "E1", "none, and the record begins a day late", "unknown: NO_COVERAGE", covered=(("2026-05-25", "2026-11-24"),)
    ),
    case("E1", "exactly 6 months ago is within", "met", given("rituximab", "2026-05-24")),
    case("E1", "a day before that is not", "not met", given("rituximab", "2026-05-23")),
    case("E1", "a day after that is", "met", given("tocilizumab", "2026-05-25")),
    case("E1", "31 August: 28 February is within", "met", given("rituximab", "2026-02-28"), on="2026-08-31"),
    case("E1", "31 August: 27 February is not", "not met", given("rituximab", "2026-02-27"), on="2026-08-31"),
    case(
        "E1", "adalimumab going on", "met", drug("Humira", "2024-01-01", dose=40, per_day=1 / 14, route="subcutaneous")
    ),
    case("E1", "golimumab until 6 months ago", "met", drug("golimumab", "2024-01-01", "2026-05-24", dose=50)),
    case("E1", "denosumab is an antibody too", "met", given("denosumab", "2026-08-01", route="subcutaneous")),
    case("E1", "evolocumab is an antibody too", "met", given("evolocumab", "2026-08-01", route="subcutaneous")),
    case("E1", "an antibody nobody listed, by the ending of its name", "met", given("novelizumab", "2026-08-01")),
    case("E1", "etanercept is no antibody", "not met", drug("etanercept", "2026-01-01", dose=7)),
    case("E1", "abatacept is no antibody", "not met", given("abatacept", "2026-08-01")),
    case("E1", "anakinra is no antibody", "not met", drug("anakinra", "2026-01-01", dose=100)),
    case("E1", "'biologic' and no more", "unknown: NO_KIND", given("biologic", "2026-08-01")),
    case("E1", "some day of May", "unknown: PARTIAL_DATE", given("infliximab", "2026-05")),
    case("E1", "some day of April", "not met", given("infliximab", "2026-04")),
    case("E1", "some day of June", "met", given("infliximab", "2026-06")),
    case("E1", "no date", "unknown: NO_DATE", given("infliximab", None)),
    case("E1", "planned for tomorrow", "not met", given("infliximab", "2026-11-25")),
    case(
        "E1",
        "entered in error",
        "not met",
        drug("infliximab", "2026-08-01", "2026-08-01", status=Status.ENTERED_IN_ERROR),
    ),
    case(
        "E1",
        "an unmapped infusion in August",
        "unknown: UNREAD",
        drug("", "2026-08-01", "2026-08-01", code=("local", "X-17")),
    ),
    case(
        "E1",
        "an unmapped infusion and infliximab",
        "met",
        given("infliximab", "2026-08-01"),
        drug("", "2026-08-01", "2026-08-01", code=("local", "X-17")),
    ),
    case("E1", "no coverage, the participant says none", "not met", covered=(), E1="no"),
    case("E1", "no coverage, the participant says yes", "met", covered=(), E1="yes"),
    case("E1", "on record, the participant says none", "met", given("rituximab", "2026-08-01"), E1="no"),
    case("E1", "not on record, the participant says yes: silence gives way", "met", E1="yes"),
]

# 1 month before 24 November is 24 October.
HIGH_DOSES = [
    case("E2", "none", "not met"),
    case("E2", "none, and the record covers nothing", "unknown: NO_COVERAGE", covered=()),
    case("E2", "15 mg until exactly 1 month ago", "met", drug("prednisone", "2026-01-01", "2026-10-24", dose=15)),
    case("E2", "15 mg until a day before that", "not met", drug("prednisone", "2026-01-01", "2026-10-23", dose=15)),
    case(
        "E2",
        "15 mg ended 28 days ago: 4 weeks are not a month",
        "met",
        drug("prednisone", "2026-01-01", "2026-10-27", dose=15),
    ),
    case(
        "E2",
        "31 March: 28 February is within",
        "met",
        drug("prednisone", "2026-01-01", "2026-02-28", dose=15),
        on="2026-03-31",
    ),
    case(
        "E2",
        "31 March: 27 February is not",
        "not met",
        drug("prednisone", "2026-01-01", "2026-02-27", dose=15),
        on="2026-03-31",
    ),
    case("E2", "one infusion of 500 mg", "met", given("methylprednisolone", "2026-11-02", dose=500)),
    case(
        "E2",
        "6 and 5 mg on the same days",
        "met",
        drug("prednisone", "2026-10-30", "2026-11-05", dose=6),
        drug("prednisolone", "2026-11-01", "2026-11-08", dose=5),
    ),
    case(
        "E2",
        "6 and 5 mg one after the other",
        "not met",
        drug("prednisone", "2026-10-30", "2026-11-05", dose=6),
        drug("prednisolone", "2026-11-06", "2026-11-08", dose=5),
    ),
    case(
        "E2",
        "a taper: 7.5 mg to the day on which 5 mg begin is never 12.5 mg",
        "not met",
        drug("prednisone", "2026-06-01", "2026-11-05", dose=7.5),
        drug("prednisone", "2026-11-05", dose=5),
    ),
    case(
        "E2",
        "20 mg to the first day of the month, on which 10 mg begin",
        "not met",
        drug("prednisone", "2026-06-01", "2026-10-24", dose=20),
        drug("prednisone", "2026-10-24", dose=10),
    ),
    case(
        "E2",
        "8 mg in November, 5 mg from the 5th: whether the 8 mg ended that day is not known",
        "unknown: PARTIAL_DATE",
        drug("prednisone", "2026-06-01", "2026-11", dose=8),
        drug("prednisone", "2026-11-05", dose=5),
    ),
    case(
        "E2",
        "two tablets of one day are two",
        "met",
        given("prednisone", "2026-11-05", dose=6, route="oral"),
        given("prednisone", "2026-11-05", dose=6.5, route="oral"),
    ),
    case("E2", "40 mg into a joint", "not met", given("triamcinolone", "2026-11-02", dose=40, route="intra-articular")),
    case("E2", "40 mg, route not stated", "unknown: NO_ROUTE", drug("prednisone", "2026-11-01", dose=40, route="")),
    case("E2", "5 mg, route not stated", "not met", drug("prednisone", "2026-11-01", dose=5, route="")),
    case("E2", "dose not stated", "unknown: NO_DOSE", drug("prednisone", "2026-11-01")),
    case(
        "E2",
        "dose of one of two not stated, the other 15 mg",
        "met",
        drug("prednisone", "2026-11-01", dose=15),
        drug("dexamethasone", "2026-11-01"),
    ),
    case(
        "E2",
        "5 mg, of the rest of the month nothing is known",
        "unknown: NO_COVERAGE",
        drug("prednisone", "2026-01-01", dose=5),
        covered=(),
    ),
    case("E2", "15 mg, whatever else is not known", "met", drug("prednisone", "2026-01-01", dose=15), covered=()),
    case(
        "E2",
        "5 mg and an unmapped drug",
        "unknown: UNREAD",
        drug("prednisone", "2026-01-01", dose=5),
        drug("", "2026-11-01", code=("local", "X-17")),
    ),
    case(
        "E2",
        "30 mg, ended some day of October",
        "unknown: PARTIAL_DATE",
        drug("prednisone", "2026-01-01", "2026-10", dose=30),
    ),
    case("E2", "30 mg, ended some day of September", "not met", drug("prednisone", "2026-01-01", "2026-09", dose=30)),
    case("E2", "15 mg since tomorrow", "not met", drug("prednisone", "2026-11-25", dose=15)),
]


@pytest.mark.parametrize("one", [*EQUIVALENTS, *GLUCOCORTICOID, *DMARDS, *WASHOUTS, *ANTIBODIES, *HIGH_DOSES], ids=str)
def test_drugs(one: Case, founding: ProtocolFile) -> None:
    check(one, founding)
