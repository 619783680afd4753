"""What one person wrote is found without reading everything"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_item_author", "item", ["network", "author_id"])
