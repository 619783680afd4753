"""Every page of the console, as addresses over the workshop's afternoon of `tests.console.scene`."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.rights import OPEN, PAGES

# What a page's address needs: each a variant to look at. A page that only leads on, or is no page, has none.
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "/static/{path:path}": (),
    "/signout": (),
    "/away": ("/away",),
    "/worker.js": (),
    "/healthz": (),
    "/readyz": (),
    "/": (),
    "/e/{slug}": (),
    "/e/{slug}/live": (),
    "/signin": ("/signin",),
    "/in/{token}": ("/in/no-such-link",),
    "/join": ("/join",),
    "/join/{code}": ("/join/ABCD2345",),
    "/me": ("/me",),
    "/e/{slug}/people": ("/e/{slug}/people",),
    "/e/{slug}/codes/{id}": ("/e/{slug}/codes/{code}",),
    "/e/{slug}/questions": tuple(
        f"/e/{{slug}}/questions{asked}"
        for asked in (
            "",
            "?list=room",
            "?list=parked",
            "?list=answered",
            "?list=dismissed",
            "?theme=No+such",
            "?pick=1",
        )
    ),
    "/e/{slug}/questions/one": ("/e/{slug}/questions/one?at={gps}", "/e/{slug}/questions/one?theme=No+such"),
    "/e/{slug}/questions/sheet": ("/e/{slug}/questions/sheet",),
    "/e/{slug}/questions/floor": ("/e/{slug}/questions/floor",),
    "/e/{slug}/blocks": ("/e/{slug}/blocks",),
    "/e/{slug}/questions/{id}": ("/e/{slug}/questions/{gps}", "/e/{slug}/questions/{leeds}"),
    "/e/{slug}/private": ("/e/{slug}/private", "/e/{slug}/private?list=settled"),
    "/e/{slug}/thoughts": ("/e/{slug}/thoughts",),
    "/e/{slug}/everything": ("/e/{slug}/everything?q=peer",),
    "/e/{slug}/screens": ("/e/{slug}/screens",),
    "/e/{slug}/screens/{id}": ("/e/{slug}/screens/{screen}", "/e/{slug}/screens/{annexe}"),
    "/screen/{token}": ("/screen/the-main-hall", "/screen/the-main-hall?theme=light", "/screen/no-such-screen"),
    "/screen/{token}/live": (),
    "/e/{slug}/erase/{id}": ("/e/{slug}/erase/{noise}",),
    "/e/{slug}/after": ("/e/{slug}/after",),
    "/e/{slug}/after/{form}": (),
    "/e/{slug}/overview": ("/e/{slug}/overview",),
    "/e/{slug}/photos/{mark}": (),
    "/e/{slug}/updates": ("/e/{slug}/updates",),
    "/e/{slug}/updates/new": ("/e/{slug}/updates/new",),
    "/e/{slug}/updates/{id}": tuple(
        f"/e/{{slug}}/updates/{{{name}}}" for name in ("draft", "approval", "held", "unsure", "correction", "failed")
    ),
}


def unknown() -> set[str]:
    """Pages that nobody said how to look at."""
    return {*PAGES, *OPEN} - set(VARIANTS)


def addresses(slug: str, ids: Mapping[str, int]) -> list[str]:
    """The addresses of all variants of all pages."""
    return [one.format(slug=slug, **ids) for variants in VARIANTS.values() for one in variants]
