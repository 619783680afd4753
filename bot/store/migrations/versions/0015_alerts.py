"""What needs a person is told outside the console too"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Utc = bot.store.columns.Utc(timezone=True)


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("sentence", sa.Text(), server_default="", nullable=False),
        sa.Column("since", Utc, nullable=False),
        sa.Column("due", Utc, nullable=False),
        sa.Column("lease_until", Utc, nullable=False),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.Column("told_at", Utc, nullable=True),
        sa.Column("over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("key", name=op.f("uq_alert_key")),
    )
