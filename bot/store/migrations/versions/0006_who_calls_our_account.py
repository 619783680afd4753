"""Whether an item calls our account"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # not in a batch: SQLite would make the table anew, and dropping the old one would take what refers to it along
    op.add_column("item", sa.Column("calls_us", sa.Boolean(), server_default=sa.text("false"), nullable=False))
