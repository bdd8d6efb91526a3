"""What migrations do to rows that are there already."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from descant.song import orders
from descant.song.brief import Brief
from descant.storage import clips, migrations
from descant.storage.database import Database

BRIEF = '{"seed":7,"lyrics":"a \\"b\\"\\nit\'s :time","tags":"pop"}'
EXTRACTION = '{"label":"vocals","roles":["vocals","backing vocals"]}'


def _upgrade(database: Database, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.transaction() as tx:
        config.attributes["connection"] = tx.connection
        command.upgrade(config, version)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without tables."""
    if request.param == "sqlite":
        return Database(f"sqlite:///{tmp_path}/old.sqlite")
    server = request.getfixturevalue("postgres")
    name = f"old_{tmp_path.name.lower()}".replace("-", "_").replace("[", "").replace("]", "")[:60]
    server.run("createdb", "-h", str(server.folder), "-U", "descant", "-T", "template0", name)
    return Database(server.url(name))


def test_briefs_of_songs_and_of_stems_become_orders_with_their_sources(empty: Database) -> None:
    _upgrade(empty, "0004")
    with empty.transaction() as tx:
        run = tx.connection.execute
        run(text("INSERT INTO account (id, name, credits, created_at) VALUES ('a', '', 0, 0)"))
        run(
            text(
                "INSERT INTO task (id, account_id, kind, price, seed, request, created_at) "
                "VALUES ('t', 'a', 'k', 0, 0, '', 0)"
            )
        )
        row = text(
            "INSERT INTO clip (id, task_id, account_id, position, state, progress, stage, title, tags, lyrics, error, "
            "seed, brief, claim, worker, starts, crashes, created_at, parent_id, stem) "
            "VALUES (:id, 't', 'a', :position, 'pending', 0, '', '', '', '', '', 0, :brief, '', '', 0, 0, 0, "
            ":parent, :stem)"
        )
        run(row, {"id": "song", "position": 0, "brief": BRIEF, "parent": None, "stem": ""})
        run(row, {"id": "stem", "position": 1, "brief": EXTRACTION, "parent": "song", "stem": "vocals"})
    empty.migrate()
    with empty.reading() as tx:
        song, stem = clips.of_task(tx, "t")
        assert clips.sources(tx, "song") == ()
        assert clips.sources(tx, "stem") == (song,)
    brief = Brief(seed=7, lyrics='a "b"\nit\'s :time', tags="pop")
    assert orders.decode(song.order) == orders.Create(brief)
    assert orders.decode(stem.order) == orders.Extract("vocals", ("vocals", "backing vocals"))
