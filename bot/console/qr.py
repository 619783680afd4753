"""Codes that a phone's camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(text: str, *, margin: int, css: str | None = None) -> Markup:
    """A QR code as SVG, `margin` modules of quiet zone around it (scanners want 4, on the picture or on the page)."""
    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(border=margin, omitsize=True, dark="#000", light="#fff", svgclass=css, lineclass=None)
    return Markup(svg)  # noqa: S704 (drawn by segno, holds no text)
