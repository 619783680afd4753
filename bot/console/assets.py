"""What a browser loads beside the pages: read once from the package, named by its hash, cached for ever."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
}
_URL = re.compile(r'url\("([^":]+)"\)')


class Assets:
    """The files of ``static/`` under names that change with their content."""

    def __init__(self, root: Traversable | None = None) -> None:
        self._names: dict[str, str] = {}
        self._bodies: dict[str, tuple[bytes, str]] = {}
        found = dict(_walk(root or files("bot.console").joinpath("static")))
        for path in sorted(found, key=lambda name: name.endswith(".css")):  # a style sheet names the others
            body = found[path]
            if path.endswith(".css"):
                body = _URL.sub(lambda m: f'url("{self.url(m[1])}")', body.decode()).encode()
            self._keep(path, body)

    def _keep(self, path: str, body: bytes) -> None:
        pure = PurePosixPath(path)
        named = f"{pure.with_suffix('')}.{hashlib.sha256(body).hexdigest()[:12]}{pure.suffix}"
        self._names[path] = named
        self._bodies[named] = (body, TYPES[pure.suffix])

    def url(self, path: str) -> str:
        """The address of a file by its plain name. Raises KeyError if it is not in the package."""
        return f"/static/{self._names[path]}"

    def serve(self, request: Request) -> Response:
        """One file, fresh for a year: another content has another name."""
        kept = self._bodies.get(request.path_params["path"])
        if kept is None:
            return PlainTextResponse("There is no such file.", 404)
        body, kind = kept
        return Response(body, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})


def _walk(folder: Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif PurePosixPath(entry.name).suffix in TYPES:
            found.append((prefix + entry.name, entry.read_bytes()))
    return found
