"""`make bench`: every benchmark, one after the other; `python -m tests.benchmarks NAME` one."""

import asyncio
import sys

from tests.benchmarks import answering, finding, flooding, planning, sending, taps

BENCHMARKS = {
    "taps": lambda: asyncio.run(taps.run()),
    "planning": planning.run,
    "sending": sending.run,
    "answering": answering.run,
    "flooding": flooding.run,
    "finding": finding.run,
}


def main(names: list[str]) -> None:
    """Run those with these names, or all."""
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
