"""Roles for each event, owners, helper codes, wrong tries

Who was an event lead did everything in every event, so they become owners. The others keep their role in each event
that there is. The column `role` of a person stays as it was, for the version before this one.
"""

import sqlalchemy as sa
from alembic import op

import bot.store.columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Utc = bot.store.columns.Utc(timezone=True)


def upgrade() -> None:
    _tables()
    # not in a batch: SQLite would make the table anew, and dropping the old one would end every session
    op.add_column("person", sa.Column("owner", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.Text(), server_default="", nullable=False))
        batch_op.create_index("ix_session_person", ["person_id"], unique=False)
    op.execute("UPDATE person SET owner = true WHERE role = 'lead'")
    op.execute(
        "INSERT INTO membership (person_id, event_id, role) SELECT person.id, event.id, person.role FROM person, event "
        "WHERE person.role <> 'lead'"
    )


def _tables() -> None:
    op.create_table(
        "code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("until", Utc, nullable=False),
        sa.Column("seats", sa.Integer(), server_default="1", nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revoked_at", Utc, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_code_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code")),
        sa.UniqueConstraint("hash", name=op.f("uq_code_hash")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("until", Utc, nullable=True),
        sa.Column("code_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name=op.f("fk_membership_code_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_membership_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("person_id", "event_id", name=op.f("uq_membership_person_id_event_id")),
    )
    op.create_index("ix_membership_event", "membership", ["event_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index("ix_attempt_key", "attempt", ["key", "at"], unique=False)
