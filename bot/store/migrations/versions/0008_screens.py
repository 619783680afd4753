"""Room screens, the words approved for them, and how long a question waited for its first look"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("shown_at", bot.store.columns.Utc(timezone=True), nullable=True),
        sa.Column("shown_by", sa.Text(), server_default="", nullable=False),
        sa.Column("covered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", bot.store.columns.Utc(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_at", bot.store.columns.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_screen_event_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_screen_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("hash", name=op.f("uq_screen_hash")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index("ix_screen_event", ["event_id"], unique=False)
        batch_op.create_index("ix_screen_question", ["question_id"], unique=False)
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approved", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("looked_seconds", sa.Float(), nullable=True))
