"""Places in an account's queue, and webhooks to be delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_MS = sa.BigInteger
_TEXT = sa.Text


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("account", sa.Column("enqueued", sa.BigInteger, nullable=False, server_default="0"))
    op.create_table(
        "webhook_delivery",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("task_id", _TEXT, nullable=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("answer", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.Column("attempted_at", _MS),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_delivery"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_webhook_delivery_task_id"),
        sa.UniqueConstraint("task_id", "event", name="uq_webhook_delivery_task_id"),
        sa.CheckConstraint("state IN ('waiting', 'delivered', 'failed')", name="ck_webhook_delivery_state_known"),
    )
