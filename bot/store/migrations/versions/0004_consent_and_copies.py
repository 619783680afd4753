"""What authors ask of readers, copies that bridges make, and the names under which our account is seen"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("marks", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("copy_of", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("network", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names", sa.JSON(), server_default="[]", nullable=False))
    op.create_index("ix_item_copy", "item", ["copy_of"])
