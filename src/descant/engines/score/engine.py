"""The score engine's road: read, plan, write, perform, mix, encode.

Memory: parts are performed one at a time, and the stems lie in scratch files of the workspace, so a song costs its
longest part, not its sum (quality.md row 13: at most 1 GB).
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import numpy as np
from numpy.typing import NDArray

from descant import __version__
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.engines import protocol
from descant.engines.protocol import CannotMake, Progress
from descant.engines.score.style_text import style_text
from descant.media import cover, flac, midi, mp3, wav
from descant.media.id3 import Tags
from descant.mix.levels import set_aside
from descant.mix.mixdown import Mixdown, mix
from descant.perform.instruments import player
from descant.perform.instruments.bank import SoundBank, open_bank
from descant.perform.instruments.sf2 import SoundBankError
from descant.perform.voice import singer, voices
from descant.perform.voice.errors import VoiceError
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, WordTime, encode
from descant.song.plan import Plan
from descant.song.score import Part, Role, Score, VocalPart
from descant.words.errors import WordsError
from descant.words.reading import Reading, read

RATE = 48_000
RING_SECONDS = 8.0
"""Room after the last bar for chords and reverberation to die away; what is silent of it is cut off again."""

SILENCE = 10 ** (-72 / 20)
"""Full-scale amplitude under which the end of the song counts as silent."""

WARM_BRIEF = Brief(seed=1, lyrics="[Verse]\nla la la la", tags="pop, strings, 120 bpm", title="Warm")
"""The least that is written, sung, played and mixed as songs are."""

WARM_SECONDS = 1.5
"""How much of it is performed: a few notes of each part."""

Audio = NDArray[np.float32]


class ScoreEngine:
    """Composes a score and performs it with a sound bank and singing synthesis.

    Parameters
    ----------
    soundfont : the bank (SF2 or SF3) to play, or None for the one Debian's package installs.
    cache : a folder for spoken source material, or None to keep it in memory.
    """

    name = "score"
    version = __version__

    def __init__(self, *, soundfont: Path | None = None, cache: Path | None = None) -> None:
        self._soundfont = soundfont
        self._cache = cache

    def make(self, brief: Brief, workspace: Path, progress: Progress) -> Song:
        """Make the song of ``brief``; see :meth:`descant.engines.protocol.Engine.make`."""
        try:
            return self._make(brief, workspace, progress)
        except (VoiceError, SoundBankError, WordsError) as error:
            raise CannotMake(str(error)) from error

    def _make(self, brief: Brief, workspace: Path, progress: Progress) -> Song:
        progress(0.0, "writing")
        reading, plan, score = write(brief)
        progress(0.05, "performing")
        length = round((score.seconds(score.length) + RING_SECONDS) * RATE)
        mixdown = _trimmed(self._record(plan, score, (0, length), workspace, progress))
        progress(0.82, "encoding")
        song = self._document(brief, reading, plan, score, mixdown)
        _save(song, mixdown, workspace)
        progress(1.0, "encoding")
        return song

    def warm(self) -> None:
        """Take a moment of a tiny song the whole road; see :meth:`descant.engines.protocol.Engine.warm`."""
        reading, plan, score = write(WARM_BRIEF)
        sung = [score.performed(phrase.notes[0])[0] for part in score.vocals for phrase in part.phrases if phrase.notes]
        start = round(min(sung, default=0.0) * RATE)
        with TemporaryDirectory() as folder:
            window = (start, start + round(WARM_SECONDS * RATE))
            mixdown = self._record(plan, score, window, Path(folder), lambda *_: None)
            _save(self._document(WARM_BRIEF, reading, plan, score, mixdown), mixdown, Path(folder))

    def _record(
        self, plan: Plan, score: Score, window: tuple[int, int], workspace: Path, progress: Progress
    ) -> Mixdown:
        """Perform and mix the samples ``window`` (start, stop) of the song."""
        bank = self._bank()
        start, stop = window

        def perform(part: Part | VocalPart) -> Audio:
            if isinstance(part, VocalPart):
                return singer.render(part, score, plan.seed, start, stop, self._cache)
            return player.render(part, score, bank, plan.seed, start, stop)

        def report(share: float, _: str) -> None:
            progress(0.05 + 0.75 * share, "performing" if share < 0.8 else "mixing")

        scratch = _scratch(workspace)
        return mix(score, plan.mix, plan.seed, perform, stop - start, allocate=scratch, progress=report)

    def _bank(self) -> SoundBank:
        return open_bank(self._soundfont)

    def _document(self, brief: Brief, reading: Reading, plan: Plan, score: Score, mixdown: Mixdown) -> Song:
        words = _word_times(score, plan.seed, self._cache)
        return Song(
            brief=brief,
            plan=plan,
            score=score,
            provenance=Provenance(
                engine=self.name,
                version=self.version,
                seed=brief.seed,
                sounds=self._bank().name,
                voices=tuple(sorted({part.voice for part in score.vocals})),
            ),
            title=reading.title,
            lyrics=reading.text,
            tags=brief.tags or style_text(plan, reading.wish),
            seconds=len(mixdown.master) / RATE,
            loudness=round(mixdown.loudness, 2),
            true_peak=round(mixdown.true_peak, 2),
            words=words,
        )


def write(brief: Brief) -> tuple[Reading, Plan, Score]:
    """Read, plan and write the song of ``brief``: everything that happens before the first sound."""
    reading = read(brief)
    plan = make_plan(brief, reading.lyrics, reading.wish, voices.profiles())
    return reading, plan, write_score(plan)


def _scratch(workspace: Path) -> Callable[[tuple[int, int]], Audio]:
    """Return an allocator of zeroed arrays that lie in unnamed files of the workspace instead of in memory."""

    def allocate(shape: tuple[int, int]) -> Audio:
        with TemporaryFile(dir=workspace) as file:
            return np.memmap(file, dtype=np.float32, mode="w+", shape=shape)

    return allocate


def _trimmed(mixdown: Mixdown) -> Mixdown:
    """Cut the silent end off the master and, at the same sample, off every stem."""
    loud = np.flatnonzero(np.max(np.abs(mixdown.master), axis=1) > SILENCE)
    stop = min(len(mixdown.master), (int(loud[-1]) if len(loud) else 0) + RATE // 4)
    return Mixdown(
        master=mixdown.master[:stop],
        stems={role: stem[:stop] for role, stem in mixdown.stems.items()},
        loudness=mixdown.loudness,
        true_peak=mixdown.true_peak,
    )


def _word_times(score: Score, seed: int, cache: Path | None) -> tuple[WordTime, ...]:
    times = [time for part in score.vocals for time in singer.word_times(part, score, seed, cache)]
    return tuple(sorted(times, key=lambda time: (time.role != Role.LEAD_VOCAL, time.start)))


def _save(song: Song, mixdown: Mixdown, workspace: Path) -> None:
    picture = cover.draw(song.title, song.plan, song.score)
    tags = Tags(
        title=song.title,
        lyrics=song.lyrics,
        genre=song.plan.genres[0][0],
        comment=song.tags,
        bpm=song.plan.bpm,
        key=song.plan.key.name,
        cover=picture,
        words=tuple((word.text, word.start) for word in song.words if word.role == Role.LEAD_VOCAL),
    )
    (workspace / protocol.COVER_FILE).write_bytes(picture)
    (workspace / protocol.MIDI_FILE).write_bytes(midi.encode(song.score))
    (workspace / protocol.WAV_FILE).write_bytes(wav.encode(mixdown.master))
    (workspace / protocol.AUDIO_FILE).write_bytes(mp3.encode(mixdown.master, tags=tags))
    stems = workspace / protocol.STEMS_FOLDER
    stems.mkdir()
    for role, stem in mixdown.stems.items():
        (stems / f"{role.value.replace(' ', '-')}.flac").write_bytes(flac.encode(stem))
        set_aside(stem)
    (workspace / protocol.SONG_FILE).write_bytes(encode(song))
