"""Debian's Chromium under Playwright, for the tests that look at pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.components import install, lacking

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """Where Chromium is; installed first where we may."""
    found = shutil.which("chromium")
    if found is None and install("chromium", "fonts-noto-core", "fonts-noto-color-emoji"):
        found = shutil.which("chromium")
    return found or lacking("Chromium", "chromium")


@contextmanager
def running() -> Iterator[Browser]:
    """A browser without a window; each test opens a context of its own in it."""
    place = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
