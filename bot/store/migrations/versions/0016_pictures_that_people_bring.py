"""Pictures that a person brings, until a worker has prepared them"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("enclosure_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enclosure_id"], ["enclosure.id"], name=op.f("fk_upload_enclosure_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enclosure_id", name=op.f("pk_upload")),
    )
