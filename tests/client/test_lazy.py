from __future__ import annotations

import subprocess
import sys

import pytest

import owui_sync


def test_importing_the_package_loads_no_client() -> None:
    program = "import sys, owui_sync; print([m for m in sys.modules if m.startswith(('httpx', 'owui_sync.'))])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Client'"):
        _ = owui_sync.Client
    assert {"OpenWebUIClient", "AsyncOpenWebUIClient", "__version__"} == set(owui_sync.__all__)
