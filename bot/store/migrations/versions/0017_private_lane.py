"""A private place for each item, so that nothing private is found or listed

What was flagged before but taken for a thought or for chatter becomes private too: it begins a question of its own
in the private lane, as it would today. What a person has judged stays where they put it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

Utc = bot.store.columns.Utc(timezone=True)
RISKY = {"distress", "medical_advice"}
item = sa.table(
    "item", *(sa.column(name) for name in ("id", "text", "standing")), sa.column("flags", sa.JSON),
    sa.column("written_at", Utc), sa.column("seen_at", Utc),
)  # fmt: skip
placement = sa.table(
    "placement",
    *(sa.column(name) for name in ("id", "event_id", "item_id", "question_id", "judged_by", "lane")),
)
question = sa.table(
    "question", *(sa.column(name) for name in ("id", "event_id", "state", "lane", "text")), sa.column("flags", sa.JSON),
    sa.column("asked_at", Utc), sa.column("moved_at", Utc),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("placement", sa.Column("lane", sa.String(length=8), server_default="open", nullable=False))
    private = sa.select(question.c.id).where(question.c.lane == "private")
    op.execute(sa.update(placement).where(placement.c.question_id.in_(private)).values(lane="private"))
    unseen = (
        sa.select(placement.c.id, placement.c.event_id, item.c.text, item.c.flags, item.c.written_at, item.c.seen_at)
        .join(item, item.c.id == placement.c.item_id)
        .where(placement.c.question_id.is_(None), placement.c.judged_by.like("rules-%"), item.c.standing != "gone")
        .where(sa.cast(item.c.flags, sa.String) != "[]")
    )
    for row in op.get_bind().execute(unseen).all():
        if RISKY & set(row.flags):
            _begin(row)


def _begin(row: Any) -> None:
    at = row.written_at or row.seen_at
    values = {
        "event_id": row.event_id, "state": "waiting", "lane": "private", "text": row.text, "flags": row.flags,
        "asked_at": at, "moved_at": at,
    }  # fmt: skip
    begun = sa.insert(question).values(values).returning(question.c.id)
    number = op.get_bind().execute(begun).scalar_one()
    mine = sa.update(placement).where(placement.c.id == row.id)
    op.get_bind().execute(mine.values(question_id=number, lane="private"))
