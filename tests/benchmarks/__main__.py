"""`make bench`: every benchmark, one after the other."""

import asyncio

from tests.benchmarks import taps

if __name__ == "__main__":
    asyncio.run(taps.run())
