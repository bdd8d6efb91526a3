"""Clips made from other clips, clips that were deleted, and windows of singing set apart."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MS = sa.BigInteger
_TEXT = sa.Text


def upgrade() -> None:
    """Add the columns of ``clip`` and the table ``voice_window``."""
    op.add_column("clip", sa.Column("parent_id", _TEXT))
    op.add_column("clip", sa.Column("stem", _TEXT, nullable=False, server_default=""))
    op.add_column("clip", sa.Column("deleted_at", _MS))
    op.create_index("ix_clip_parent_id", "clip", ["parent_id"])
    op.create_table(
        "voice_window",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("account_id", _TEXT, nullable=False),
        sa.Column("clip_id", _TEXT, nullable=False),
        sa.Column("start", sa.Double, nullable=False),
        sa.Column("stop", sa.Double, nullable=False),
        sa.Column("created_at", _MS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_voice_window"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_voice_window_account_id"),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name="fk_voice_window_clip_id"),
    )
