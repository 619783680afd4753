"""`python -m tests`: install from Debian's packages what the tests need, one after the other, where we may.

What cannot be installed is said by the tests that need it.
"""

from __future__ import annotations

import contextlib
import subprocess

import pytest

from tests import chromium, postgres, proxy
from tests.real.wordpress import SCRIPT

for find in (chromium.executable, postgres.binaries, proxy.executable):
    with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception):
        find()
subprocess.run(["bash", str(SCRIPT), "install"], check=False)
