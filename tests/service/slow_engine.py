"""An engine for tests: "makes" a song by waiting, and misbehaves when the tags say so. Loaded by import path."""

import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from descant.engines.protocol import AUDIO_FILE, COVER_FILE, SONG_FILE, CannotMake, Progress
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, decode, encode
from descant.song.orders import Extend, Listen, Order, Replace
from descant.song.plan import Plan
from descant.song.score import Score
from descant.song.tempo import Metre, TempoChange
from descant.song.theory import Key

STEPS = 20


class SlowEngine:
    """Takes the seconds of the tag "seconds=…" (0 without one) and writes files that depend on the order alone.

    Of a recording, which has no tags, its title says the seconds.

    What it makes of other songs remembers their titles, in the order they came.
    """

    name = "slow"
    version = "1"

    def make(self, order: Order, sources: Sequence[Path], workspace: Path, progress: Progress) -> Song:
        brief = getattr(order, "brief", None) or Brief(seed=getattr(order, "seed", 0))
        heard = isinstance(order, Listen)
        songs = [] if heard else [decode((folder / SONG_FILE).read_bytes()) for folder in sources]
        told = order.title if isinstance(order, Listen) else brief.tags
        wishes = dict(tag.strip().partition("=")[::2] for tag in told.split(","))
        if "log" in wishes:
            with Path(wishes["log"]).open("a") as log:
                log.write(json.dumps({"seed": brief.seed, "pid": os.getpid(), "workspace": str(workspace)}) + "\n")
        if "decline" in wishes:
            raise CannotMake("There is nothing to sing in this.")
        if "raise" in wishes:
            raise RuntimeError("a fault of ours")
        if "crash" in wishes or wishes.get("crash_position") == str(brief.seed % 2):
            os.kill(os.getpid(), signal.SIGKILL)
        if "hoard" in wishes:
            hoard = bytearray(8 * 1024**3)
            del hoard
        for step in range(STEPS):
            progress(step / STEPS, "performing")
            (workspace / AUDIO_FILE).write_bytes(str(brief.seed).encode() * (step + 1))
            time.sleep(float(wishes.get("seconds", 0)) / STEPS)
        (workspace / COVER_FILE).write_bytes(b"cover")
        (workspace / "stems").mkdir()
        (workspace / "stems" / "drums.flac").write_bytes(b"drums")
        song = _song(brief, order, songs)
        (workspace / SONG_FILE).write_bytes(encode(song))
        return song

    def warm(self) -> None:
        return


def _song(brief: Brief, order: Order, songs: Sequence[Song]) -> Song:
    key = Key(0, "major")
    plan = Plan(
        seed=brief.seed, title="", genres=(("pop", 1.0),), bpm=120, key=key, metre=Metre(), sections=(), instruments={}
    )
    score = Score(
        title="",
        tempo=(TempoChange(0, 120),),
        metre=Metre(),
        key=key,
        sections=(),
        chords=(),
        parts=(),
        vocals=(),
        length=0,
    )
    return Song(
        brief=brief,
        plan=plan,
        score=score,
        provenance=Provenance(engine="slow", version="1", seed=brief.seed),
        title=" + ".join(song.title for song in songs) if songs else brief.title or "Slow Song",
        lyrics=brief.lyrics or "[Instrumental]",
        tags=brief.tags,
        seconds=12.5,
        loudness=-14.0,
        true_peak=-1.0,
        joined_at=order.at if isinstance(order, Extend) else songs[0].joined_at if isinstance(order, Replace) else None,
    )


def load() -> SlowEngine:
    return SlowEngine()
