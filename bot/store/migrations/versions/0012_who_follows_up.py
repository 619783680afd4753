"""Who comes back to a question after the event, and by which day"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("question", schema=None) as batch_op:
        for name in ("follow_owner", "follow_day"):
            batch_op.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))
