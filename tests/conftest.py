"""What tests of several rooms need.

Databases to test on: an empty SQLite file, and a real PostgreSQL where its programs are installed. And a song of eight
seconds, sung by two voices over two instruments, as the document of a finished clip holds it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import pytest

from descant import service, settings
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, WordTime
from descant.song.lyrics import SectionKind, Syllable, SyllableClass, Word
from descant.song.plan import Plan
from descant.song.score import Note, Part, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

SMALL_LYRICS = "[Verse]\nPaper boats (boats)\nRain has gone\n\n[Chorus]\nStay, stay"


@dataclass
class Postgres:
    """A server of our own on a socket in ``folder``; ``template`` is a database with this version's tables."""

    folder: Path
    template: str = ""

    def run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, **_not_root())

    def url(self, name: str) -> str:
        return f"postgresql://descant@/{name}?host={self.folder}"

    def create(self, name: str) -> str:
        template = ("-T", self.template) if self.template else ()
        self.run("createdb", "-h", str(self.folder), "-U", "descant", *template, name)
        return self.url(name)


def _not_root() -> dict[str, str]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody"} if os.getuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        pytest.skip("PostgreSQL is not installed")
    server = Postgres(Path(mkdtemp(prefix="descant-pg-", dir="/tmp")))  # a socket's path must be short
    server.folder.chmod(0o777)
    data = str(server.folder / "data")
    options = f"-k {server.folder} -c listen_addresses='' -c fsync=off"
    server.run("initdb", "-D", data, "-U", "descant", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
    server.run("pg_ctl", "-D", data, "-w", "-l", str(server.folder / "log"), "-o", options, "start")
    try:
        service.migrate(settings.read(data=server.folder / "descant", database_url=server.create("template_tables")))
        server.template = "template_tables"
        yield server
    finally:
        server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template")
    service.migrate(settings.read(data=folder, database_url=f"sqlite:///{folder}/descant.sqlite"))
    return folder / "descant.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with this version's tables and nothing in them, on each kind of server."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.create(f"test_{uuid4().hex}")
    return _sqlite(request.getfixturevalue("sqlite_template"), tmp_path)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite file with this version's tables and nothing in them."""
    return _sqlite(sqlite_template, tmp_path)


def _sqlite(template: Path, folder: Path) -> str:
    shutil.copy(template, folder / "descant.sqlite")
    return f"sqlite:///{folder}/descant.sqlite"


def _sung(name: str, role: Role, words: list[tuple[str, float, int]]) -> VocalPart:
    """Return a part of one phrase: (word, beat, pitch), a beat long each."""
    texts = tuple(Word(text, text.lower(), (Syllable(text, ("ah",), SyllableClass.CONTENT),)) for text, _, _ in words)
    notes = tuple(SungNote(beat, 1.0, pitch, index, 0, velocity=100) for index, (_, beat, pitch) in enumerate(words))
    return VocalPart(name, role, "clara", (Phrase(" ".join(w.text for w in texts), texts, notes, 0),))


@pytest.fixture(scope="session")
def small_song() -> Song:
    """8 beats at 120 and 4 at 60 beats a minute, after 0.4 s of silence; the backing voice echoes one word."""
    lead = [("Paper", 0, 64), ("boats", 1, 65), ("Rain", 4, 67), ("has", 5, 65), ("gone", 6, 64)]
    lead += [("Stay,", 8, 69), ("stay", 10, 67)]
    key = Key(0, "major")
    score = Score(
        title="Paper Boats",
        tempo=(TempoChange(0, 120), TempoChange(8, 60)),
        metre=Metre(),
        key=key,
        sections=(
            Section(SectionKind.VERSE, "Verse", 0, 2, 0.5, key),
            Section(SectionKind.CHORUS, "Chorus", 8, 1, 1.0, key),
        ),
        chords=(),
        parts=(
            Part("piano", Role.KEYBOARD, "grand_piano", (Note(0, 4, 60, 127), Note(8, 4, 55, 64, shift=0.01))),
            Part("kit", Role.DRUMS, "room_kit", tuple(Note(beat, 0.5, 36, 100) for beat in range(12))),
        ),
        vocals=(
            _sung("lead vocal", Role.LEAD_VOCAL, lead),
            _sung("harmony vocal", Role.BACKING_VOCALS, [("boats", 3, 67)]),
        ),
        length=12,
    )
    words = []
    for part in score.vocals:
        for note in part.phrases[0].notes:
            start, stop = score.performed(note)
            text = part.phrases[0].words[note.word].text
            words.append(WordTime(text, start, stop, 0, 0, part.role.value))
    return Song(
        brief=Brief(seed=7, tags="pop"),
        plan=Plan(
            seed=7,
            title="Paper Boats",
            genres=(("pop", 1.0),),
            bpm=120,
            key=key,
            metre=Metre(),
            sections=(),
            instruments={},
        ),
        score=score,
        provenance=Provenance(engine="test", version="1", seed=7),
        title="Paper Boats",
        lyrics=SMALL_LYRICS,
        tags="pop, dreamy",
        seconds=9.0,
        loudness=-14.0,
        true_peak=-1.0,
        words=tuple(words),
    )
