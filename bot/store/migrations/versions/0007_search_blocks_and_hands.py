"""A full-text index over items, blocked people and words, questions handed to somebody, and lists in their order"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns
from bot.store import lookup

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("network", "what", "name")),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("why", "who")),
        sa.Column("at", bot.store.columns.Utc(timezone=True), nullable=False),
        sa.Column("lifted_at", bot.store.columns.Utc(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_block_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_index("ix_block_event", "block", ["event_id", "lifted_at"])
    _columns()
    op.execute("UPDATE question SET moved_at = asked_at WHERE moved_at IS NULL")
    op.create_index("ix_question_most", "question", ["event_id", "state", "times_asked", "asked_at", "id"])
    op.create_index("ix_question_moved", "question", ["event_id", "state", "moved_at", "id"])
    op.create_index("ix_placement_block", "placement", ["block_id"])
    unfound = sa.text("tokens IS NULL")
    op.create_index("ix_item_unfound", "item", ["id"], postgresql_where=unfound, sqlite_where=unfound)
    lookup.ITEMS.create(op.get_bind())


def _columns() -> None:
    op.add_column("item", sa.Column("tokens", sa.Text(), nullable=True))  # the worker fills it in
    op.add_column("question", sa.Column("handed_to", sa.Text(), server_default="", nullable=False))
    op.add_column("question", sa.Column("handed_by", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("block_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_placement_block_id"), "block", ["block_id"], ["id"])
