"""The score engine's road: read, plan, write, perform, mix, encode; or, from songs: revise, keep, perform, encode."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from descant import __version__
from descant.compose.errors import CannotWrite
from descant.compose.planning import make_plan
from descant.compose.writing import write_score
from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Revision
from descant.engines import delivery, extraction, protocol
from descant.engines.protocol import CannotMake, Progress
from descant.engines.score.recording import RATE, Studio, certain
from descant.engines.score.style_text import style_text
from descant.engines.score.takes import Source, carry_out
from descant.mix.mixdown import Mixdown
from descant.mix.recall import Sheet
from descant.perform.instruments.sf2 import SoundBankError
from descant.perform.voice import voices
from descant.perform.voice.errors import VoiceError
from descant.song import document
from descant.song.brief import Brief
from descant.song.document import Provenance, Song
from descant.song.orders import Create, Extract, Listen, Order
from descant.song.plan import Plan
from descant.song.score import Score
from descant.words.errors import WordsError
from descant.words.reading import Reading, read

WARM_BRIEF = Brief(seed=1, lyrics="[Verse]\nla la la la", tags="pop, strings, 120 bpm", title="Warm")
"""The least that is written, sung, played and mixed as songs are."""

WARM_SECONDS = 1.5
"""How much of it is performed: a few notes of each part."""


class ScoreEngine:
    """Composes a score and performs it with a sound bank and singing synthesis.

    Parameters
    ----------
    soundfont : the bank (SF2 or SF3) to play, or None for the one Debian's package installs.
    cache : a folder for spoken source material, or None to keep it in memory.
    weights : a folder of trained networks that listen to recordings and take them apart, or None.
    """

    name = "score"
    version = __version__

    def __init__(
        self, *, soundfont: Path | None = None, cache: Path | None = None, weights: Path | None = None
    ) -> None:
        self._soundfont = soundfont
        self._cache = cache
        self._weights = weights

    def make(self, order: Order, sources: Sequence[Path], workspace: Path, progress: Progress) -> Song:
        """Carry out an order; see :meth:`descant.engines.protocol.Engine.make`."""
        try:
            if isinstance(order, Create):
                return self._create(order.brief, workspace, progress)
            if isinstance(order, Extract):
                return extraction.extract(order, sources[0], workspace, progress, self._weights)
            if isinstance(order, Listen):
                from descant.engines import listening  # heavy: models, loaded only where something is listened to

                return listening.listen_to(sources[0], order, workspace, progress, self._weights)
            return self._edit(order, sources, workspace, progress)
        except (VoiceError, CannotWrite, SoundBankError, WordsError, CannotEdit) as error:
            raise CannotMake(str(error)) from error

    def _create(self, brief: Brief, workspace: Path, progress: Progress) -> Song:
        progress(0.0, "writing")
        reading, plan, score = write(brief)
        progress(0.05, "performing")
        studio = Studio(self._soundfont, self._cache, workspace)
        heard = delivery.Broadcast(workspace, certain(score))
        mixdown = studio.record(score, plan.mix, plan.seed, _between(progress, 0.05, 0.75), heard.hear)
        heard.end(len(mixdown.master))
        progress(0.82, "encoding")
        song = self._song(brief, reading, plan, score, mixdown, studio)
        delivery.save(song, mixdown, workspace, heard)
        progress(1.0, "encoding")
        return song

    def _edit(self, order: Order, folders: Sequence[Path], workspace: Path, progress: Progress) -> Song:
        progress(0.0, "writing")
        songs = [document.decode((folder / protocol.SONG_FILE).read_bytes()) for folder in folders]
        revision = revise(order, songs, voices.profiles())
        progress(0.05, "performing")
        return self.carry_out(revision, songs, folders, workspace, progress)

    def carry_out(
        self,
        revision: Revision,
        songs: Sequence[Song],
        folders: Sequence[Path],
        workspace: Path,
        progress: Progress,
    ) -> Song:
        """Make the song that a revision of ``songs``, whose files are in ``folders``, decides; as :meth:`make` does."""
        studio = Studio(self._soundfont, self._cache, workspace)
        sources = [Source(song, folder) for song, folder in zip(songs, folders, strict=True)]
        mixdown, words = carry_out(revision, sources, studio, _between(progress, 0.05, 0.75))
        progress(0.82, "encoding")
        song = Song(
            brief=revision.brief,
            plan=revision.plan,
            score=revision.score,
            provenance=self._provenance(revision.brief, revision.score, studio),
            title=revision.title,
            lyrics=revision.lyrics,
            tags=revision.tags,
            seconds=len(mixdown.master) / RATE,
            loudness=round(mixdown.loudness, 2),
            true_peak=round(mixdown.true_peak, 2),
            words=words,
            joined_at=revision.joined_at,
            before=revision.before,
            heard=revision.heard,
            tuning=revision.tuning,
        )
        delivery.save(song, mixdown, workspace)
        progress(1.0, "encoding")
        return song

    def warm(self) -> None:
        """Take a moment of a tiny song the whole road; see :meth:`descant.engines.protocol.Engine.warm`."""
        reading, plan, score = write(WARM_BRIEF)
        sung = [score.performed(phrase.notes[0])[0] for part in score.vocals for phrase in part.phrases if phrase.notes]
        start = round(min(sung, default=0.0) * RATE)
        with TemporaryDirectory() as name:
            folder = Path(name)
            studio = Studio(self._soundfont, self._cache, folder)
            window = (start, start + round(WARM_SECONDS * RATE))
            mixdown = studio.record_again(score, Sheet(profile=plan.mix), plan.seed, window, lambda *_: None)
            delivery.save(self._song(WARM_BRIEF, reading, plan, score, mixdown, studio), mixdown, folder)

    def _song(self, brief: Brief, reading: Reading, plan: Plan, score: Score, mixdown: Mixdown, studio: Studio) -> Song:
        return Song(
            brief=brief,
            plan=plan,
            score=score,
            provenance=self._provenance(brief, score, studio),
            title=reading.title,
            lyrics=reading.text,
            tags=brief.tags or style_text(plan, reading.wish),
            seconds=len(mixdown.master) / RATE,
            loudness=round(mixdown.loudness, 2),
            true_peak=round(mixdown.true_peak, 2),
            words=studio.words(score, plan.seed),
        )

    def _provenance(self, brief: Brief, score: Score, studio: Studio) -> Provenance:
        return Provenance(
            engine=self.name,
            version=self.version,
            seed=brief.seed,
            sounds=studio.bank.name,
            voices=tuple(sorted({part.voice for part in score.vocals})),
        )


def write(brief: Brief) -> tuple[Reading, Plan, Score]:
    """Read, plan and write the song of ``brief``: everything that happens before the first sound."""
    reading = read(brief)
    plan = make_plan(brief, reading.lyrics, reading.wish, voices.profiles())
    return reading, plan, write_score(plan)


def _between(progress: Progress, low: float, span: float) -> Progress:
    """Return a report of a step that takes the share ``span`` of the whole from ``low`` on."""
    return lambda share, stage: progress(low + span * share, stage)
