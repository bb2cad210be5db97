"""What the type checker says of a program that uses the library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_CACHE = Path(__file__).parents[2] / ".mypy_cache"


def mypy_says(folder: Path, program: str) -> str:
    """Check a program strictly, as its author would; return what mypy prints. The file is `program.py` in `folder`."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    words = [sys.executable, "-m", "mypy", "--strict", f"--cache-dir={_CACHE}", "program.py"]
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder).stdout
