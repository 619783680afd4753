"""Buttons that were pressed, by their key"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", bot.store.columns.Utc(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_act")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index("ix_act_at", ["at"], unique=False)
