"""A ticket for each paid call"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.Column("until", bot.store.columns.Utc(timezone=True), nullable=False),
        sa.Column("lost", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index("ix_reservation_network", "reservation", ["network"])
    # What calls of killed programs had left set aside has no ticket: it may have been spent.
    op.execute("UPDATE network SET spent_usd = spent_usd + reserved_usd, reserved_usd = 0 WHERE reserved_usd > 0")
