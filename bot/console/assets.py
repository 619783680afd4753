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
_NAMES = {  # how a file of that kind names the others it loads
    ".css": (re.compile(r'url\("([^":]+)"\)'), 'url("{}")'),
    ".js": (re.compile(r"""(?<=[ ])'\./([^']+\.js)'(?=;)"""), "'{}'"),
}


class Assets:
    """The files of ``static/`` under names that change with their content."""

    def __init__(self, root: Traversable | None = None) -> None:
        self._names: dict[str, str] = {}
        self._bodies: dict[str, tuple[bytes, str]] = {}
        found = dict(_walk(root or files("bot.console").joinpath("static")))
        for path in found:
            self._keep(path, found)

    def _keep(self, path: str, found: dict[str, bytes], above: tuple[str, ...] = ()) -> None:
        """Name one file, after those that it loads: their names are part of its content."""
        if path in self._names:
            return
        if path in above:
            raise ValueError(f"{' -> '.join([*above, path])}: files that load each other in a circle have no name")
        pure, body = PurePosixPath(path), found[path]
        if pure.suffix in _NAMES:
            pattern, written = _NAMES[pure.suffix]
            text = body.decode()
            for other in dict.fromkeys(pattern.findall(text)):
                self._keep(other, found, (*above, path))
            body = pattern.sub(lambda m: written.format(self.url(m[1])), text).encode()
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
