"""Wordings for the room, notes, entries and our own posts are found by their words too"""

import sqlalchemy as sa
from alembic import op

from bot.store import lookup, marking

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ref", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("tokens", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("kind", "ref", name=op.f("uq_passage_kind_ref")),
    )
    op.create_index("ix_passage_event", "passage", ["event_id", "id"])
    unfound = sa.text("tokens IS NULL")
    op.create_index("ix_passage_unfound", "passage", ["id"], postgresql_where=unfound, sqlite_where=unfound)
    lookup.PASSAGES.create(op.get_bind())
    marking.create(op.get_bind())
    marking.fill(op.get_bind())  # the worker indexes it; until then a search reads the newest of it where it stands
