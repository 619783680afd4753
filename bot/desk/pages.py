"""A page of ours as a draft on the blog: a person reads it, changes it and publishes it there. We never do."""

from __future__ import annotations

from bot.core.items import AS_DRAFT
from bot.desk.who import Done, Who, button
from bot.store import drafts, networks
from bot.store.engine import Store

BLOG = "wordpress"


@button
def draft_on_blog(store: Store, who: Who, event_id: int, title: str, html: str) -> Done:
    """Send a page to the blog, where it waits as a draft. Each press makes a draft of its own."""
    with store.write() as tx:
        if BLOG not in networks.limits(tx):
            return Done(False, "No WordPress is set up. Take the page away as a file instead; nothing was sent.")
        now = store.now(tx)
        words = f"{' '.join(title.split())}\n{html}"
        wording = drafts.Wording(BLOG, (words,), target=AS_DRAFT)
        post = drafts.get(tx, drafts.add(tx, now, event_id, "page", [wording], who.name))
        if post is None:
            raise LookupError("a draft vanished inside its own transaction")
        drafts.approve(tx, now, who.name, post, post.revision, None)
        waits = " Posting is paused: it goes there when somebody turns it on again." if drafts.paused(tx) else ""
        return Done(True, f"On its way to the blog, as a draft. Nobody else sees it until you publish it there.{waits}")
