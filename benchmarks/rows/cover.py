"""Row 12: a cover is the same song: its source is the first among many songs by melody and by harmony.

Each benchmark song is covered in several styles, with its own and with other voices, sung and played, from free to
faithful, and compared with its source and with every other song: the other benchmark songs, and one more take of each,
which has the same words, style, tempo and often key.
"""

import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import soundfile

from benchmarks import likeness
from benchmarks.table import Figure
from benchmarks.takes import Take, cases
from descant.edit.covering import cover
from descant.engines import load, protocol
from descant.engines.score.engine import write
from descant.perform.voice.voices import profiles
from descant.song.brief import Brief
from descant.song.document import Provenance, Song
from descant.song.orders import Cover
from descant.song.plan import Plan
from descant.song.score import Score
from descant.words.errors import WordsError

STYLES = ("", "bossa nova", "metal, male voice", "waltz, female voice", "house", "jazz, instrumental")
"""What the covers are asked for."""

OTHER_MODE = {False: "folk, in D minor", True: "folk, in D major"}
"""And what a song in major and one in minor are asked for, so that its harmony cannot stay what it was."""

FAITHFULNESS = (0.3, 0.65, 1.0)
AUDIO_STYLES = ("bossa nova", "rock, male voice")
AUDIO_TAKES = 4
"""How many of the songs are also covered as audio."""

_SHARE = 0.95


@dataclass
class Known:
    """A song as it is compared."""

    name: str
    plan: Plan
    score: Score

    @cached_property
    def melody(self) -> likeness.Floats:
        return likeness.melody(self.plan, self.score)

    @cached_property
    def chroma(self) -> likeness.Floats:
        return likeness.score_chroma(self.score)


@dataclass
class Version:
    """A cover: the number of its source, its faithfulness, and whether it keeps the source's mode."""

    source: int
    faithfulness: float
    keeps_mode: bool
    song: Known


def sources() -> tuple[list[Song], list[Known]]:
    """Return the songs that are covered, and all songs they are compared with."""
    songs, known = [], []
    for case in cases():
        for seed in (case.brief.seed, case.brief.seed + 1000):
            brief = msgspec.structs.replace(case.brief, seed=seed)
            try:
                reading, plan, score = write(brief)
            except WordsError:
                continue  # words in a language that is not sung yet
            known.append(Known(f"{case.name} {seed}", plan, score))
            if seed == case.brief.seed:
                songs.append(_song(brief, plan, score, reading.title, reading.text))
    return songs, known


def covers(songs: Sequence[Song]) -> list[Version]:
    """Return covers of songs."""
    voices = profiles()
    found = []
    for n, song in enumerate(songs):
        for k, tags in enumerate((*STYLES, OTHER_MODE[song.score.key.is_minor])):
            for faithfulness in FAITHFULNESS:
                revision = cover(Cover(Brief(seed=500 + k, tags=tags), faithfulness), [song], voices)
                version = Known(tags, revision.plan, revision.score)
                found.append(Version(n, faithfulness, k < len(STYLES), version))
    return found


def figures(takes: Sequence[Take] = ()) -> list[Figure]:
    """Return the figures of row 12: on scores, and on the audio of some takes' covers."""
    songs, known = sources()
    own = [next(i for i, k in enumerate(known) if k.score is song.score) for song in songs]
    made = covers(songs)
    melodies = [k.melody for k in known]
    chromas = [k.chroma for k in known]
    tunes = [_rank(v.song.melody, melodies, own[v.source], likeness.melodies_alike) for v in made]
    chords = [_rank(v.song.chroma, chromas, own[v.source], likeness.chroma_alike) for v in made]
    rows = []
    for faithfulness in FAITHFULNESS:
        asked = [n for n, v in enumerate(made) if v.faithfulness == faithfulness]
        kept = [n for n in asked if made[n].keeps_mode]
        of = f"first of {len(known)} songs, faithfulness {faithfulness:g}, by"
        rows.append(_row(f"{of} melody", [tunes[n] for n in asked]))
        rows.append(_row(f"{of} chroma of the score", [chords[n] for n in kept]))
    other = [chords[n] for n, v in enumerate(made) if not v.keeps_mode]
    row = _row(f"first of {len(known)} songs, in the other mode, by chroma of the score", other)
    return [*rows, replace(row, bar="–", met=None), *_audio(takes)]


def _rank(
    version: likeness.Floats, known: Sequence[likeness.Floats], source: int, alike: Callable[..., float]
) -> float:
    """Return the place of a cover's source among all songs, 1 the first; ``nan`` where they cannot be compared."""
    values = [alike(version, other) for other in known]
    if math.isnan(values[source]):
        return math.nan
    return 1.0 + sum(value >= values[source] for i, value in enumerate(values) if i != source)


def _row(measured: str, ranks: Sequence[float]) -> Figure:
    comparable = [rank for rank in ranks if not math.isnan(rank)]
    first = sum(rank == 1 for rank in comparable) / len(comparable)
    mean = sum(1 / rank for rank in comparable) / len(comparable)
    text = f"{first:.1%} of {len(comparable)} covers; mean reciprocal rank {mean:.3f}"
    return Figure("12", f"the source of a cover comes {measured}", text, f"≥ {_SHARE:.0%}", first >= _SHARE)


def _audio(takes: Sequence[Take]) -> list[Figure]:
    """Return the figure on audio: covers made by the engine, against the audio of all takes."""
    if not takes:
        return []
    known = [likeness.audio_chroma(take.audio(), 48_000) for take in takes]
    engine = load()
    ranks = []
    with tempfile.TemporaryDirectory() as scratch:
        for n in range(min(AUDIO_TAKES, len(takes))):
            for k, tags in enumerate(AUDIO_STYLES):
                workspace = Path(scratch) / f"{n}.{k}"
                workspace.mkdir()
                engine.make(Cover(Brief(seed=600 + k, tags=tags), 0.65), [takes[n].folder], workspace, lambda *_: None)
                audio: Any = soundfile.read(workspace / protocol.WAV_FILE, dtype="float32", always_2d=True)[0]
                ranks.append(_rank(likeness.audio_chroma(audio, 48_000), known, n, likeness.chroma_alike))
    return [_row(f"first of {len(takes)} songs, faithfulness 0.65, by chroma of the audio", ranks)]


def _song(brief: Brief, plan: Plan, score: Score, title: str, text: str) -> Song:
    return Song(
        brief=brief,
        plan=plan,
        score=score,
        provenance=Provenance(engine="score", version="", seed=brief.seed),
        title=title,
        lyrics=text,
        tags=brief.tags,
        seconds=score.seconds(score.length),
        loudness=0.0,
        true_peak=0.0,
    )
