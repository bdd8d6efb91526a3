"""What is heard of a clip while it is made."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column ``stream`` of ``clip``."""
    op.add_column("clip", sa.Column("stream", sa.Text, nullable=False, server_default=""))
