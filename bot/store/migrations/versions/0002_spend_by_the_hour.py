"""Spend by the hour, and what is kept back for posts"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spend",
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("hour", bot.store.columns.Utc(timezone=True), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("network", "hour", name=op.f("pk_spend")),
    )
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_usd", sa.Float(), server_default="0", nullable=False))
