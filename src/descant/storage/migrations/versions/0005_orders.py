"""Clips made to any order from any number of clips, singers kept under a name, and requests sent together."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MS = sa.BigInteger
_TEXT = sa.Text


def upgrade() -> None:
    """Turn briefs into orders, note what clips are made from, and add the tables of personas and batches."""
    _turn_briefs_into_orders()
    op.add_column("clip", sa.Column("joined_at", sa.Double))
    op.create_table(
        "clip_source",
        sa.Column("clip_id", _TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("source_id", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("clip_id", "position", name="pk_clip_source"),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name="fk_clip_source_clip_id"),
        sa.ForeignKeyConstraint(["source_id"], ["clip.id"], name="fk_clip_source_source_id"),
    )
    op.create_index("ix_clip_source_source_id", "clip_source", ["source_id"])
    op.execute(
        "INSERT INTO clip_source (clip_id, position, source_id) "
        "SELECT id, 0, parent_id FROM clip WHERE parent_id IS NOT NULL"
    )
    _create_personas()
    _create_batches()


def _turn_briefs_into_orders() -> None:
    """Wrap the JSON text of songs, and tag that of stems, as orders are written."""
    op.alter_column("clip", "brief", new_column_name="order")
    op.execute("""UPDATE clip SET "order" = '{"type"\\:"create","brief"\\:' || "order" || '}' WHERE stem = ''""")
    op.execute("""UPDATE clip SET "order" = '{"type"\\:"extract",' || substr("order", 2) WHERE stem <> ''""")


def _create_personas() -> None:
    op.create_table(
        "persona",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("description", _TEXT, nullable=False),
        sa.Column("styles", _TEXT, nullable=False),
        sa.Column("clip_id", _TEXT, nullable=False),
        sa.Column("singer", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_persona"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_persona_account_id"),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name="fk_persona_clip_id"),
    )
    op.create_index("ix_persona_account", "persona", ["account_id", "created_at"])


def _create_batches() -> None:
    op.create_table(
        "batch",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_batch_account_id"),
    )
    op.create_index("ix_batch_account_id", "batch", ["account_id"])
    op.create_table(
        "batch_item",
        sa.Column("batch_id", _TEXT, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("task_id", _TEXT),
        sa.Column("refusal", _TEXT, nullable=False),
        sa.Column("error", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("batch_id", "position", name="pk_batch_item"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_item_batch_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_batch_item_task_id"),
    )
