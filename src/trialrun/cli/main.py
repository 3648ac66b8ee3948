"""The command `trialrun`: parses, hands over to one function per command, and turns errors into words."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from cyclopts import App, CycloptsError

from trialrun import __version__
from trialrun.cli.add import add
from trialrun.cli.check import check
from trialrun.cli.clinic import clinic
from trialrun.cli.decide import decide
from trialrun.cli.draft import draft
from trialrun.cli.patients import patients
from trialrun.cli.schedule import schedule
from trialrun.cli.schema import schema
from trialrun.cli.screen import screen
from trialrun.cli.show import show
from trialrun.cli.terminal import warn
from trialrun.errors import EXIT_DONE, EXIT_USAGE, TrialrunError

COMMANDS: tuple[Callable[..., int], ...] = (
    add,
    show,
    draft,
    check,
    decide,
    clinic,
    patients,
    screen,
    schedule,
    schema,
)
"""In the order of the road."""

_ABOUT = """Takes a registered clinical trial and runs it.

Registry record → protocol file → checks → who may join → every participant's days. For research; nothing here is clinically
validated, and what a person must decide is said.

Example: `trialrun check NCT04062006`
"""


def application() -> App:
    """The command line with all its commands."""
    app = App(
        name="trialrun",
        version=f"trialrun {__version__}",
        help=_ABOUT,
        help_format="markdown",
        result_action="return_value",
        suppress_keyboard_interrupt=False,  # so that it comes here, and "Stopped." is said
    )
    for order, command in enumerate(COMMANDS):
        app.command(command, sort_key=order)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; user errors print without a traceback."""
    _use_utf8()
    stops = _Stops()
    try:
        with stops.heeded():
            return _run(list(sys.argv[1:] if arguments is None else arguments), stops)
    except KeyboardInterrupt:
        pass
    except RuntimeError:
        if not stops.came:
            raise
    _complain("Stopped.")
    return stops.exit_code


def _run(arguments: list[str], stops: _Stops) -> int:
    """One command; being stopped leaves it as `KeyboardInterrupt`, also while an error is told."""
    try:
        outcome = application()(arguments, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        from trialrun.cli.usage import in_words

        _complain(*in_words(error))
        return EXIT_USAGE
    except TrialrunError as error:
        if stops.came:  # a part that was stopped may tell of it as of a failure
            raise KeyboardInterrupt from None
        _complain(str(error))
        return error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing is wrong and nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_DONE
    return outcome if isinstance(outcome, int) else EXIT_DONE


class _Stops:
    """Ctrl-C (SIGINT) and being asked to end (SIGTERM) both leave through every clean-up, as `KeyboardInterrupt`.

    Which of them came is remembered, because DuckDB, interrupted in a query, raises a RuntimeError in its place.

    Args:
        came: The number of the signal; 0 while none came.
    """

    def __init__(self) -> None:
        self.came = 0

    @property
    def exit_code(self) -> int:
        """As shells tell of signals: 130 for Ctrl-C, 143 for SIGTERM."""
        return 128 + (self.came or signal.SIGINT)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Within it the two signals come here; a signal that this process was started to ignore stays ignored."""
        before: dict[signal.Signals, Any] = {}
        if current_thread() is main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    before[number] = signal.signal(number, self._stop)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        if not self.came:  # asked again while cleaning up: that is under way
            self.came = number
            raise KeyboardInterrupt


def _use_utf8() -> None:
    """Writes ≥ and µ on any terminal; what it cannot show is replaced, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _complain(message: str, hint: str | None = None) -> None:
    warn(f"trialrun: {message}" + (f"\n  {hint}" if hint else ""))
