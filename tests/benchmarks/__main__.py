"""`make bench`: every benchmark, one after the other; `python -m tests.benchmarks NAME` one.

Options after `taps` and `reminding` are their own: `python -m tests.benchmarks taps --help`.
"""

import sys

from tests.benchmarks import answering, finding, flooding, planning, reminding, sending, taps

BENCHMARKS = {
    "taps": taps.run,
    "planning": planning.run,
    "sending": sending.run,
    "reminding": reminding.run,
    "answering": answering.run,
    "flooding": flooding.run,
    "finding": finding.run,
}


def main(names: list[str]) -> None:
    """Run those with these names, or all."""
    if names[:1] in (["taps"], ["reminding"]):
        {"taps": taps.run, "reminding": reminding.run}[names[0]](names[1:])
        return
    if unknown := set(names) - set(BENCHMARKS):
        sys.exit(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
