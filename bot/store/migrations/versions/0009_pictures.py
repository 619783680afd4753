"""Pictures of posts, with their bytes"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at = bot.store.columns.Utc(timezone=True)
    long_ago = sa.text("'1970-01-01 00:00:00'")
    op.create_table(
        "picture",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("mime", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), server_default="0", nullable=False),
        sa.Column("height", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", at, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_picture")),
    )
    op.create_table(
        "enclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("alt", sa.Text(), server_default="", nullable=False),
        sa.Column("alt_by", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("chosen", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due", at, server_default=long_ago, nullable=False),
        sa.Column("lease_until", at, server_default=long_ago, nullable=False),
        sa.Column("token", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["hash"], ["picture.hash"], name=op.f("fk_enclosure_hash")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_enclosure_post_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure")),
    )
    with op.batch_alter_table("enclosure", schema=None) as batch_op:
        batch_op.create_index("ix_enclosure_post", ["post_id"], unique=False)
        batch_op.create_index("ix_enclosure_hash", ["hash"], unique=False)
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pictures", sa.JSON(), server_default="[]", nullable=False))
