"""An event that is over, with every kind of question and thought that a report has to meet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from bot.report import Pack, gather
from bot.store import report
from bot.store import tables as t
from tests.console.scene import NOW, Scene, ago

DANA: dict[str, Any] = {"author_name": "Dana Whitlock", "author_handle": "@dana@health.example"}
HIDDEN = (  # words that stand in no report
    "dana", "Whitlock", "health.example/@", "07700 900123", "unworded", "copyshy", "desperate", "blocked thought",
    "withdrawn by its author",
)  # fmt: skip


def over(scene: Scene) -> dict[str, int]:
    """The rows; questions by name."""
    scene.networks()
    ids = {
        "aloud": scene.question(
            "@theQCommunity =How do GPs find groups? #QLabs", "x", 190, "Access", "answered", outcome="aloud",
            raised_at=ago(180), answered_at=ago(175), told_at=ago(170), author=DANA,
            also=(("mastodon", "How do GPs find groups?"),),
        ),
        "writing": scene.question(
            "Who pays for <b>it</b>?", "mastodon", 120, "Evidence", "answered", outcome="writing", answered_at=ago(60),
            told_at=ago(59), author=DANA,
        ),
        "followup": scene.question(
            "Is there a map?", "bluesky", 100, "Access", "followup", follow_owner="Bea", follow_day="2017-07-20"
        ),
        "declined": scene.question("Why Leeds?", "wordpress", 90, "", "dismissed", outcome="declined"),
        "open": scene.question("What next?", "bluesky", 30, ""),
        "reworded": scene.question(
            "Ring Dana on 07700 900123: who trains us?", "wordpress", 80, "Workforce", "answered", outcome="aloud",
            answered_at=ago(70), flags=["personal_data"], wording="Who trains peer workers?", wording_by="Joe",
        ),
        "flagged": scene.question("Some unworded question on 07700 900123?", "x", 70, flags=["personal_data"]),
        "private": scene.question("I am desperate, who helps?", "x", 65, lane="private", flags=["distress"]),
        "shy": scene.question("A copyshy question?", "mastodon", 60, author=DANA | {"marks": ["no_copies"]}),
        "gone": scene.question("withdrawn by its author", "x", 55, state="gone"),
    }  # fmt: skip
    answer = scene.post(
        None, "answer", "@dana@health.example The region pays.", question_id=ids["writing"], state="approved",
        detail={"as": "writing", "text": "@dana@health.example The region pays."},
    )  # fmt: skip
    scene.delivery(answer, "mastodon", text="@dana@health.example The region pays.", item_id=2)
    kind = scene.post(
        None, "answer", "Thanks, it is with the room.", question_id=ids["aloud"], state="approved",
        detail={"as": "accepted", "text": "Thanks, it is with the room."},
    )  # fmt: skip
    scene.delivery(kind, "x", item_id=1)
    scene.thought("+Groups on cards work @dana@health.example", "Access", **DANA)
    scene.thought("A copyshy thought", "Access", marks=["no_copies"])
    kept_out = scene.thought("A blocked thought", "Evidence")
    with scene.store.write() as tx:
        block = {"event_id": scene.event_id, "kind": "word", "what": "blocked", "at": NOW}
        number = tx.execute(t.block.insert().values(block).returning(t.block.c.id)).scalar_one()
        tx.execute(update(t.placement).where(t.placement.c.item_id == kept_out).values(block_id=number))
    scene.post(scene.entry("We’ve started!", "Welcome.", 200), state="approved")
    return ids


def pack(scene: Scene) -> Pack:
    """What is told of it."""
    with scene.store.read() as tx:
        event = report.event_of(tx, scene.slug)
        assert event is not None
        return gather(tx, scene.store.now(tx), event)
