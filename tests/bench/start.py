"""How long a person waits for the help, and for the check of 1,000 resources. No server is needed.

python -m tests.bench.start [ROUNDS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.table import seconds, show
from tests.support.school import school

HELP_AIM, VALIDATE_AIM = 0.1, 1.5


def timed(*words: str, folder: str) -> float:
    """Seconds that a command takes as a process."""
    start = time.perf_counter()
    command = [sys.executable, *words]
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": os.environ.get("HOME", "")}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Prints the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        text = school(groups=100, prompts=600, models=300, member="admin@example.com")
        (Path(folder) / "manifest.yaml").write_text(f"version: 1\n{text}", encoding="utf-8")
        python = [timed("-c", "pass", folder=folder) for _ in range(rounds)]
        help_ = [timed("-m", "owui_sync", "--help", folder=folder) for _ in range(rounds)]
        check = [timed("-m", "owui_sync", "validate", "manifest.yaml", folder=folder) for _ in range(rounds)]
    rows = [["", "median", "aim", ""], ["python itself", seconds(python), "", ""]]
    for name, took, aim in (("--help", help_, HELP_AIM), ("validate, 1,000 resources", check, VALIDATE_AIM)):
        rows.append([name, seconds(took), seconds([aim]), "ok" if median(took) <= aim else "above"])
    show(f"Medians of {rounds} rounds", rows)


if __name__ == "__main__":
    main()
