"""What a browser keeps to show while the server is away: one page that knows nobody, and the script that shows it."""

from __future__ import annotations

import hashlib
import json

from starlette.requests import Request
from starlette.responses import Response

from bot.console.ask import console_of
from bot.console.plain import plain_page

SHEETS = ("tokens.css", "base.css", "app.css", "pages.css", "console.css")
FILES = (*SHEETS, "icon.svg", "icons.svg", "away.js", "vendor/inter-latin-wght-normal.woff2")


def page(request: Request) -> Response:
    """The page itself, for the browser to keep."""
    return plain_page(console_of(request), "away.html")


def worker(request: Request) -> Response:
    """The service worker, with the names that the page and its files have now: others of them are another worker."""
    console = console_of(request)
    shell = ["/away", *(console.assets.url(name) for name in FILES)]
    told = console.templates.get_template("away.html").render(options=console.options)
    version = hashlib.sha256((json.dumps(shell) + told).encode()).hexdigest()[:12]
    text = console.templates.get_template("worker.js").render(shell=shell, version=version)
    return Response(text, media_type="text/javascript")
