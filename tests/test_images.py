"""What comes from a blog goes out small, upright and without a word about its maker, or is refused in a sentence."""

from __future__ import annotations

import builtins
import hashlib
import io
from typing import Any

import pytest
from PIL import Image

from bot import images
from bot.images import GOES_OUT_BELOW, LONGEST_SIDE, NoPillow, Unusable, shrink
from bot.networks.rehearsal.drawing import draw


def photo(width: int = 600, height: int = 400, kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_photo_loses_all_that_says_where_and_by_whom_it_was_made() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825)[1] = "N"
    made = opened(shrink(photo(exif=exif, comment=b"taken at home")).content)
    assert not made.getexif()
    assert {"exif", "comment", "icc_profile", "xmp"} & made.info.keys() == set()


def test_a_photo_taken_sideways_goes_out_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    made = shrink(photo(exif=exif))
    assert (made.width, made.height) == (400, 600)


def test_a_large_photo_is_made_small_in_both_senses() -> None:
    noise = Image.effect_noise((4000, 3000), 100).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=95)
    made = shrink(out.getvalue())
    assert len(made.content) < GOES_OUT_BELOW
    assert max(made.width, made.height) <= LONGEST_SIDE
    assert made.hash == hashlib.sha256(made.content).hexdigest()


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("GIF", "P"), ("PNG", "L")])
def test_other_kinds_become_jpeg(kind: str, mode: str) -> None:
    source = io.BytesIO()
    Image.new("RGB", (60, 40), "red").convert(mode).save(source, kind)
    made = shrink(source.getvalue())
    assert (opened(made.content).format, made.mime) == ("JPEG", "image/jpeg")
    assert opened(made.content).mode == "RGB"


def test_what_shows_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(shrink(out.getvalue()).content).getpixel((20, 20)) == (255, 255, 255)


def test_an_animated_picture_is_refused() -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue", "white")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(Unusable, match="animated"):
        shrink(out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Unusable, match=r"too large: 12,000 x 12,000 pixels"):
        shrink(out.getvalue())


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no JPEG"),
        (b"<html>Sign in</html>", "no JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a drawing"),
        (photo()[:2000], "damaged"),
        (photo(2, 2), "only a few pixels"),
        (b"\xff" * (images.MOST_BYTES + 1), "too large"),
    ],
)
def test_what_is_no_photo_is_refused_in_a_sentence(raw: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why) as refused:
        shrink(raw)
    assert str(refused.value).endswith(".")


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name == "PIL":
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NoPillow, match=r'pip install "backchannel\[pictures\]"'):
        shrink(photo())


def test_the_rehearsal_draws_a_photo_that_can_be_posted_and_the_same_one_each_time() -> None:
    one, other = draw("https://q.example/cake.jpg"), draw("https://q.example/door.jpg")
    assert shrink(one).width == 640
    assert one == draw("https://q.example/cake.jpg") != other
