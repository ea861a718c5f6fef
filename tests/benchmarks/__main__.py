"""`make bench`: every benchmark, one after the other; `python -m tests.benchmarks NAME` one.

Some have options: `python -m tests.benchmarks taps --help`.
"""

import signal
import sys

from tests.benchmarks import (
    answering,
    clients,
    finding,
    flooding,
    loading,
    mirroring,
    planning,
    reminding,
    sending,
    taps,
)

WITH_OPTIONS = {
    "taps": taps.run,
    "clients": clients.run,
    "loading": loading.run,
    "mirroring": mirroring.run,
    "reminding": reminding.run,
}

BENCHMARKS = {
    **WITH_OPTIONS,
    "planning": planning.run,
    "sending": sending.run,
    "answering": answering.run,
    "flooding": flooding.run,
    "finding": finding.run,
}


def main(names: list[str]) -> None:
    """Run those with these names, or all; what follows the name of one with options is its own."""
    if names and names[0] in WITH_OPTIONS and (len(names) == 1 or names[1].startswith("-")):
        WITH_OPTIONS[names[0]](names[1:])
        return
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


def end_as_from_the_keyboard() -> None:
    """Let SIGTERM end it as Ctrl+C does: with its bots and its PostgreSQL."""
    # In the background SIGINT is ignored unless this is said.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


if __name__ == "__main__":
    end_as_from_the_keyboard()
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("stopped")
