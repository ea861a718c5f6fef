"""`make bench`: every benchmark, one after the other; `python -m tests.benchmarks NAME` one.

Some have options: `python -m tests.benchmarks taps --help`.
"""

import sys

from tests.benchmarks import (
    answering,
    clients,
    finding,
    flooding,
    loading,
    planning,
    reminding,
    sending,
    taps,
)

WITH_OPTIONS = {
    "taps": taps.run,
    "clients": clients.run,
    "loading": loading.run,
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


if __name__ == "__main__":
    main(sys.argv[1:])
