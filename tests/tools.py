"""Running programs of this machine on the files of the repository."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own files
        [str(one) for one in command],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **settings},
    )
