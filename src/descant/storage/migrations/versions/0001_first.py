"""Accounts, keys, the ledger, tasks, clips, their files, and workers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MS = sa.BigInteger
_TEXT = sa.Text


def upgrade() -> None:
    """Create the tables."""
    _create_accounts()
    _create_tasks()
    _create_clips()
    op.create_table(
        "worker",
        sa.Column("executor_id", _TEXT, nullable=False),
        sa.Column("host", _TEXT, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started_at", _MS, nullable=False),
        sa.Column("beat_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("executor_id", name="pk_worker"),
    )


def _create_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("credits", sa.BigInteger, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.CheckConstraint("credits >= 0", name="ck_account_credits_not_negative"),
    )
    op.create_table(
        "api_key",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("last_four", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.Column("last_used_at", _MS),
        sa.Column("revoked_at", _MS),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_api_key_account_id"),
        sa.UniqueConstraint("digest", name="uq_api_key_digest"),
    )
    op.create_index("ix_api_key_account_id", "api_key", ["account_id"])


def _create_tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("price", sa.Integer, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("request", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.Column("settled_at", _MS),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_task_account_id"),
    )
    op.create_index("ix_task_account", "task", ["account_id", "created_at"])
    op.create_table(
        "credit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=True),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("delta", sa.BigInteger, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("task_id", _TEXT),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_credit_entry"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_credit_entry_account_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_credit_entry_task_id"),
        sa.UniqueConstraint("key", name="uq_credit_entry_key"),
    )
    op.create_index("ix_credit_entry_account_id", "credit_entry", ["account_id"])
    op.create_index("ix_credit_entry_task_id", "credit_entry", ["task_id"])


def _create_clips() -> None:
    op.create_table(
        "clip",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("task_id", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("progress", sa.Double, nullable=False),
        sa.Column("stage", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("tags", _TEXT, nullable=False),
        sa.Column("lyrics", _TEXT, nullable=False),
        sa.Column("duration", sa.Double),
        sa.Column("error", _TEXT, nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("brief", _TEXT, nullable=False),
        sa.Column("claim", _TEXT, nullable=False),
        sa.Column("worker", _TEXT, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.Column("started_at", _MS),
        sa.Column("finished_at", _MS),
        sa.PrimaryKeyConstraint("id", name="pk_clip"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_clip_task_id"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_clip_account_id"),
        sa.UniqueConstraint("task_id", "position", name="uq_clip_task_id"),
        sa.CheckConstraint("state IN ('pending', 'running', 'succeeded', 'failed')", name="ck_clip_state_known"),
    )
    op.create_index("ix_clip_account", "clip", ["account_id", "created_at"])
    op.create_table(
        "clip_file",
        sa.Column("clip_id", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("content_type", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("clip_id", "name", name="pk_clip_file"),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name="fk_clip_file_clip_id"),
    )
