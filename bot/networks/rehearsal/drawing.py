"""A drawing for each photo of the played blog: coloured notes on a wall, the same ones for the same address."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256

WIDTH, HEIGHT, NOTE = 640, 360, 80  # pixels
WALL = (207, 219, 228)
NOTES = ((255, 214, 92), (255, 158, 196), (143, 224, 212), (185, 168, 255))


def draw(address: str) -> bytes:
    """A PNG. Its look follows from the address alone."""
    marks = sha256(address.encode("utf-8", "replace")).digest()
    rows = [_row(marks, line) for line in range(HEIGHT // NOTE + 1)]
    pixels = b"".join(b"\x00" + rows[y // NOTE][y % NOTE >= NOTE // 8] for y in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _row(marks: bytes, line: int) -> tuple[bytes, bytes]:
    """A line of wall between the notes, and a line through the notes."""
    wall = bytes(WALL) * WIDTH
    through = b""
    for column in range(WIDTH // NOTE):
        mark = marks[(line * 7 + column) % len(marks)]
        colour = bytes(NOTES[mark % 4]) if mark & 64 else bytes(WALL)
        through += bytes(WALL) * (NOTE // 8) + colour * (NOTE - NOTE // 8)
    return wall, through


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
