"""Whom a task tells of its events."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXT = sa.Text


def upgrade() -> None:
    """Add the table ``webhook``."""
    op.create_table(
        "webhook",
        sa.Column("task_id", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("secret", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_webhook"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_webhook_task_id"),
    )
