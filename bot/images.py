"""A picture as it came from a blog -> one that every network takes: small, upright, without a word about its maker."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from types import ModuleType
from typing import Any

MOST_BYTES = 15 * 2**20  # of a picture as it comes
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2048  # pixels, as it goes out
GOES_OUT_BELOW = 950_000  # bytes; Bluesky takes 1,000,000
LEAST_SIDE = 4  # pixels; smaller ones count visitors
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITIES = (88, 80, 70, 60)
SHRINKS = (1.0, 0.75, 0.5, 0.35)


class Unusable(Exception):
    """The picture cannot be posted; its text is one sentence that says why."""


class NoPillow(Unusable):
    """The library that shrinks pictures is not installed."""

    def __init__(self) -> None:
        super().__init__('Pictures need the extra "pictures": install it with pip install "backchannel[pictures]".')


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What goes out: JPEG bytes below `GOES_OUT_BELOW`, and their SHA-256."""

    hash: str
    mime: str
    width: int
    height: int
    content: bytes


def shrink(raw: bytes) -> Shrunk:
    """The picture upright, in sRGB, without metadata, at most `LONGEST_SIDE` wide or high. Raises `Unusable`."""
    pillow = _pillow()
    if len(raw) > MOST_BYTES:
        raise Unusable(f"The picture is too large: {len(raw) // 2**20} MB, and {MOST_BYTES // 2**20} MB are taken.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is judged here
            return _small_enough(pillow, _opened(pillow, raw))
    except Unusable:
        raise
    except Exception:  # decoders meet hostile bytes, and raise whatever they stumble over
        raise Unusable("The picture is damaged and cannot be read.") from None


def _pillow() -> ModuleType:
    try:
        from PIL import Image
    except ImportError:
        raise NoPillow from None
    return Image


def _opened(pillow: ModuleType, raw: bytes) -> Any:
    """The picture in RGB. Its size is judged before a pixel is decoded."""
    try:
        image = pillow.open(io.BytesIO(raw), formats=FORMATS)
    except pillow.UnidentifiedImageError:
        drawing = b"<svg" in raw[:2000].lower()
        what = "a drawing (SVG)" if drawing else "no JPEG, PNG, WebP or GIF"
        raise Unusable(f"The picture is {what}, which cannot be posted.") from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Unusable(f"The picture is too large: {width:,} x {height:,} pixels.")
    if min(width, height) < LEAST_SIDE:
        raise Unusable("The picture is only a few pixels large.")
    if image.format != "MPO" and getattr(image, "is_animated", False):  # MPO: a photo with more of it behind
        raise Unusable("The picture is animated; only still pictures are posted.")
    image.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG is decoded at the size that is needed
    return _upright(pillow, image)


def _upright(pillow: ModuleType, image: Any) -> Any:
    from PIL import ImageOps

    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits of grey, of which a conversion would keep the lower half
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    if see_through := image.mode in ("RGBA", "LA", "PA", "P") or "transparency" in image.info:
        image = image.convert("RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), pillow.Resampling.LANCZOS)
    image = ImageOps.exif_transpose(image)
    if see_through:
        ground = pillow.new("RGBA", image.size, "white")  # what shows through is white, as on a blog
        image = pillow.alpha_composite(ground, image)
    return _in_srgb(image, profile).convert("RGB")


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """Colours as they were meant, once the profile that says so is stripped."""
    if not profile or image.mode not in ("RGB", "CMYK", "L"):
        return image
    from PIL import ImageCms

    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # a broken profile: the plain colours are the better guess


def _small_enough(pillow: ModuleType, image: Any) -> Shrunk:
    for share in SHRINKS:
        size = (max(1, int(image.width * share)), max(1, int(image.height * share)))
        piece = image if share == 1.0 else image.resize(size, pillow.Resampling.LANCZOS)
        for quality in QUALITIES:
            content = _jpeg(pillow, piece, quality)
            if len(content) < GOES_OUT_BELOW:
                return Shrunk(hashlib.sha256(content).hexdigest(), "image/jpeg", piece.width, piece.height, content)
    raise Unusable("The picture cannot be made small enough for the networks.")


def _jpeg(pillow: ModuleType, image: Any, quality: int) -> bytes:
    """The pixels alone: a new image knows nothing of the old one's metadata."""
    bare = pillow.new("RGB", image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
