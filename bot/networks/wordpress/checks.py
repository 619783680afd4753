"""What is connected, missing or wrong on a WordPress site, one line each, without posting."""

from __future__ import annotations

from bot.core.items import HealthLine
from bot.networks.base import NetworkFailure
from bot.networks.wordpress.answers import Closed
from bot.networks.wordpress.site import Site


def health(site: Site) -> list[HealthLine]:
    """The lines, in the order in which a person would mend them."""
    try:
        index = site.index()
    except NetworkFailure as failure:
        return [HealthLine("fail", f"{site.host}: {failure}", "Correct api_url, or ask whoever runs the site.")]
    lines = [HealthLine("ok", f"{site.host} answers: “{index.get('name') or 'a blog without a name'}”.")]
    lines += _account(site, "application-passwords" in str(index.get("authentication")))
    if index.get("timezone_string"):
        lines.append(HealthLine("ok", f"The blog's time zone is {index['timezone_string']}."))
    else:
        fix = "Choose a city in the blog's general settings; until then the event's time zone is used."
        lines.append(HealthLine("warn", "The blog has an offset instead of a time zone.", fix))
    return lines + _posts(site)


def _account(site: Site, possible: bool) -> list[HealthLine]:
    if not site.signed:
        fix = "Set WORDPRESS_USER and WORDPRESS_APP_PASSWORD (an editor's application password)."
        return [HealthLine("warn", "No account: comments are read, replies are impossible.", fix)]
    lines = []
    if not possible:
        fix = "Serve the blog over https and allow application passwords."
        lines.append(HealthLine("warn", "The blog does not offer application passwords.", fix))
    try:
        me = site.prove()
    except Closed as failure:
        return [*lines, HealthLine("fail", str(failure), "Ask whoever looks after the blog's plugins.")]
    except NetworkFailure as failure:
        fix = "Make a new application password in that account's profile."
        return [*lines, HealthLine("fail", str(failure), fix)]
    lines.append(HealthLine("ok", f"Signed in as {me.name or site.user}."))
    if me.moderates:
        lines.append(HealthLine("ok", "Comments that await approval are seen."))
    else:
        fix = "Give the account the role of an editor, or approve comments on the blog."
        lines.append(HealthLine("warn", "Comments that await approval are not seen; replies may wait for it.", fix))
    note = "A reply sent twice is refused by the blog, unless a plugin has switched its duplicate check off."
    return [*lines, HealthLine("ok", note)]


def _posts(site: Site) -> list[HealthLine]:
    lines = []
    for address, place in site.places().items():
        if not place.number:
            continue
        try:
            post, _ = site.read(f"wp/v2/{place.kind}/{place.number}", {"_fields": "id,comment_status"}, dict)
        except NetworkFailure as failure:
            lines.append(HealthLine("fail", f"{address}: {failure}", "Publish the post, or correct its address."))
            continue
        if post.get("comment_status") == "open":
            lines.append(HealthLine("ok", f"Comments are open under {address}."))
        else:
            lines.append(
                HealthLine("warn", f"Comments are closed under {address}.", "Open them in the post's settings.")
            )
    return lines
