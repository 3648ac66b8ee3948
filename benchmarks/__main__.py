"""`make bench`: runs every benchmark and prints one table."""

from __future__ import annotations

import platform
import sys

from benchmarks import clinic, criteria, drafting, omop, reading, schedule, startup


def main() -> int:
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    print(f"{'measure':52} {'value':>14}  {'unit':10} note")
    for module in (startup, schedule, criteria, clinic, reading, omop, drafting):
        for row in module.run():
            value = row["value"]
            text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
            print(f"{row['name']:52} {text:>14}  {row['unit']:10} {row.get('note', '')}")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
