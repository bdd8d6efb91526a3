"""The same song recorded again: mixed anew, played anew, or arranged anew."""

from collections.abc import Sequence

import msgspec

from descant.compose.genres import writing_of
from descant.compose.leadsheet import read_sheet
from descant.compose.replaying import replayed
from descant.compose.resketching import sketch_of
from descant.compose.sketch import Sketch
from descant.compose.styles.writing import WritingStyle
from descant.compose.writing import with_band
from descant.edit.recordings import has_recording
from descant.edit.restyling import the_sources
from descant.edit.revision import Perform, Polish, Revision
from descant.mix import variation
from descant.song.document import Song
from descant.song.orders import Remaster, Variation
from descant.song.plan import Plan
from descant.song.score import Score
from descant.song.streams import stream
from descant.song.voices import VoiceProfile

_DEPTHS: dict[Variation, float] = {"subtle": 0.35, "normal": 0.7, "high": 1.0}
"""How far a recording is brought to the tone, glue and loudness of the profile that it is mastered by."""


def remaster(order: Remaster, sources: Sequence[Song], voices: Sequence[VoiceProfile]) -> Revision:
    """Return the one source recorded again, as anew as ``order.variation`` says.

    What holds a recording cannot be played again: it is mastered anew, the further the more is to be anew.

    "subtle" keeps the score to the last velocity and varies the mix; "normal" also draws time, strength and delivery of
    every note anew, start, length and pitch staying; "high" also has the band arrange it anew around the same melody,
    words, chords, form and tempo.

    Raises
    ------
    CannotEdit : when there is not one source.
    """
    (song,) = the_sources(sources, 1, "a remaster")
    plan = msgspec.structs.replace(song.plan, mix=_varied(song.plan.mix, order))
    if has_recording(song.score) or song.heard is not None:  # of some recordings not one note is heard
        return _polished(order, song, plan)
    score = song.score
    if order.variation != "subtle":
        plan = msgspec.structs.replace(plan, seed=order.seed)
        style = writing_of(plan.genres)
        if order.variation == "normal":
            score = replayed(song.plan, style, score, order.seed)
        else:
            score = _rearranged(plan, style, song)
    return Revision(
        brief=msgspec.structs.replace(song.brief, seed=order.seed),
        plan=plan,
        score=score,
        title=song.title,
        lyrics=song.lyrics,
        tags=song.tags,
        takes=(Perform(score, plan.seed, plan.mix),),
    )


def _polished(order: Remaster, song: Song, plan: Plan) -> Revision:
    """Return a song that sounds in a recording mastered anew: what was written, heard and timed of it stays."""
    return Revision(
        brief=msgspec.structs.replace(song.brief, seed=order.seed),
        plan=plan,
        score=song.score,
        title=song.title,
        lyrics=song.lyrics,
        tags=song.tags,
        takes=(Polish(0, plan.mix, _DEPTHS[order.variation]),),
        words=song.words,
        heard=song.heard,
        tuning=song.tuning,
    )


def _varied(mix: str, order: Remaster) -> str:
    """Return a variation of a mix profile: another one than it has, and than the other takes of a request get."""
    profile, _, own = mix.partition(variation.SEPARATOR)
    names = [name for name in variation.names() if name != own]
    seed = order.seed if order.request_seed is None else order.request_seed
    dealt = stream(seed, "remaster.mix").permutation(len(names))
    return f"{profile}{variation.SEPARATOR}{names[dealt[order.take % len(names)]]}"


def _rearranged(plan: Plan, style: WritingStyle, song: Song) -> Score:
    """Return the song with new patterns of the same band, in its own tempo with all its changes."""
    sheet = read_sheet(song.plan, song.score)
    sketch = _in_own_tempo(sketch_of(plan, style, sheet), song.score)
    return msgspec.structs.replace(with_band(plan, sketch), lead_in=song.score.lead_in)


def _in_own_tempo(sketch: Sketch, score: Score) -> Sketch:
    """Return the sketch with the tempo and the kind of ending of a score."""
    slows = len(score.tempo) > 1 and score.tempo[-1].bpm < score.tempo[-2].bpm
    ending = sketch.ending if sketch.fade is not None else "ritardando" if slows else "ring"
    return msgspec.structs.replace(sketch, tempo=score.tempo, ending=ending, fade=score.fade)
