"""Files of clips in formats that are made only when asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TEXT = sa.Text


def upgrade() -> None:
    """Add the table of exports under way."""
    op.create_table(
        "clip_export",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("clip_id", _TEXT, nullable=False),
        sa.Column("format", _TEXT, nullable=False),
        sa.Column("error", _TEXT, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clip_export"),
        sa.ForeignKeyConstraint(["clip_id"], ["clip.id"], name="fk_clip_export_clip_id"),
        sa.UniqueConstraint("clip_id", "format", name="uq_clip_export_clip_id"),
    )
