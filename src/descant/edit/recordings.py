"""A recording as a song: the partial score of what was heard in it, from which every edit takes the road of any song.

Its beats fall where beats were heard, its first bar line where the first was, and its parts belong to the stem
"recording", in which they sound. Nothing of it is performed: what a recording sounds like is kept, not played again.
"""

from collections.abc import Sequence

import msgspec

from descant import __version__
from descant.compose.errors import CannotWrite
from descant.compose.planning import make_plan
from descant.compose.singers import Singers, cast_singers
from descant.edit.heard import form, harmony, parts, players, style, words
from descant.edit.heard.beats import BeatMap, beat_map
from descant.edit.revision import CannotEdit
from descant.song.brief import Brief
from descant.song.document import Provenance, Song, WordTime
from descant.song.lyrics import Lyrics, LyricSection
from descant.song.plan import Plan, PlannedSection
from descant.song.score import Note, Phrase, Role, Score, Section, SungNote, VocalPart
from descant.song.transcription import Transcription
from descant.song.voices import VoiceProfile
from descant.song.wish import Wish
from descant.words.reading import INSTRUMENTAL_MARKER

ENGINE = "recording"
"""The engine in the provenance of a song that was recorded elsewhere."""

WORDLESS = "[Vocalise]"
"""Lyrics of a song that is sung to words that nobody knows."""

_BAND_HEARD = (("drums", "percussion"), ("bass",))


def song_of(
    heard: Transcription,
    title: str,
    *,
    lyrics: Lyrics | None = None,
    text: str = "",
    voices: Sequence[VoiceProfile] = (),
    loudness: float = 0.0,
    true_peak: float = 0.0,
    seed: int = 0,
) -> Song:
    """Return a recording as a song.

    Parameters
    ----------
    heard : what was heard in it.
    lyrics, text : its words where they are known, read and as they were given; ``heard.words`` has their times.
    voices : the singers at hand, of whom one stands for who was heard to sing.
    loudness, true_peak : of the recording, LUFS and dBTP.
    seed : for what is drawn where nothing was heard: the instruments of a band like the recording's.

    Raises
    ------
    CannotEdit : when what was heard cannot be written down.
    """
    beats = _beats(heard)
    sections = form.sections_of(heard, beats, heard.metre, heard.key.key)
    plan = _plan(heard, beats, title, sections, voices, seed)
    score = _score(heard, beats, title, sections, lyrics, plan)
    sung = any(part.phrases for part in score.vocals)
    return Song(
        brief=Brief(seed=seed, lyrics=text, title=title, instrumental=not sung),
        plan=_with_words(plan, score, lyrics),
        score=score,
        provenance=Provenance(engine=ENGINE, version=__version__, seed=seed),
        title=title,
        lyrics=text or (WORDLESS if sung else INSTRUMENTAL_MARKER),
        tags=_style_text(plan, heard),
        seconds=heard.seconds,
        loudness=loudness,
        true_peak=true_peak,
        words=tuple(WordTime(w.text, w.start, w.stop, w.section, w.line) for w in heard.words),
        heard=heard,
    )


def _beats(heard: Transcription) -> BeatMap:
    try:
        return beat_map(heard)
    except ValueError as error:
        raise CannotEdit(f"the recording cannot be written down: {error}") from error


def has_recording(score: Score) -> bool:
    """Return whether a score holds what is heard in a recording, which cannot be played again."""
    roles = [*(part.role for part in score.parts), *(part.role for part in score.vocals)]
    return Role.RECORDING in roles


def recorded_until(score: Score) -> float:
    """Return the beat at which the last thing ends that a score holds of a recording; 0 where it holds nothing."""
    notes: list[Note | SungNote] = [n for part in score.parts if part.role is Role.RECORDING for n in part.notes]
    notes += [n for part in score.vocals if part.role is Role.RECORDING for p in part.phrases for n in p.notes]
    return max((note.start + note.duration for note in notes), default=0.0)


def tuning_of(song: Song) -> float:
    """Return by how many cents a song is tuned over concert pitch: as its recording is, or as it was performed."""
    return song.tuning if song.heard is None else round(parts.tuning(song.heard), 1)


def played(score: Score) -> Score:
    """Return a score without what sounds in a recording: what there is to perform."""
    return msgspec.structs.replace(
        score,
        parts=tuple(part for part in score.parts if part.role is not Role.RECORDING),
        vocals=tuple(part for part in score.vocals if part.role is not Role.RECORDING),
    )


def _score(
    heard: Transcription,
    beats: BeatMap,
    title: str,
    sections: tuple[Section, ...],
    lyrics: Lyrics | None,
    plan: Plan,
) -> Score:
    key = heard.key.key
    melody = [note for note in parts.melody_of(heard, beats, key) if note.sung]
    phrases: tuple[Phrase, ...] = ()
    if lyrics is not None and heard.words:
        phrases, melody = words.sung_lines(heard.words, lyrics, melody, sections, beats)
    phrases = _in_order((*phrases, *parts.vocalise(melody, sections, beats)))
    sung = (VocalPart(parts.VOICE, Role.RECORDING, plan.voice, phrases),) if phrases else ()
    return Score(
        title=title,
        tempo=beats.tempo,
        metre=heard.metre,
        key=key,
        sections=sections,
        chords=harmony.chords_of(heard, beats, sections, heard.metre),
        parts=parts.instruments_of(heard, beats, key),
        vocals=sung,
        length=beats.length,
        lead_in=beats.lead_in,
    )


def _in_order(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Return phrases rising in time; one that begins inside another is left out."""
    kept: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda phrase: phrase.notes[0].start):
        last = kept[-1].notes[-1] if kept else None
        if last is None or phrase.notes[0].start >= last.start + last.duration - 1e-6:
            kept.append(phrase)
    return tuple(kept)


def _plan(
    heard: Transcription,
    beats: BeatMap,
    title: str,
    sections: Sequence[Section],
    voices: Sequence[VoiceProfile],
    seed: int,
) -> Plan:
    """Return a plan as if the recording had been planned: a band like its own, its tempo, key, metre and form."""
    genre = style.genre_of(heard, beats, heard.metre)
    absent = [
        layer for present, layers in zip(_present(heard), _BAND_HEARD, strict=True) if not present for layer in layers
    ]
    wish = Wish(
        genres=((genre, 1.0),),
        bpm=round(beats.bpm, 2),
        key=heard.key.key,
        metre=heard.metre,
        excluded=tuple(absent),
        swing=style.swing_of(heard, beats),
        instrumental=True,
    )
    plan = make_plan(Brief(seed=seed, title=title, instrumental=True, weirdness=0.0), Lyrics(()), wish, voices)
    singers = _singers(heard, voices, seed)
    return msgspec.structs.replace(
        plan,
        instruments=style.band_of(heard, plan.instruments),
        sections=tuple(PlannedSection(s.kind, s.label, s.bars, s.energy) for s in sections),
        voice=singers.voice,
        backing_voice=singers.backing_voice,
        vocal_centre=singers.vocal_centre,
        vocal_range=singers.vocal_range,
        backing_range=singers.backing_range,
        fade_out=False,
        weirdness=0.3,
        notes=(),
    )


def _present(heard: Transcription) -> tuple[bool, bool]:
    """Return whether drums and a bass are heard."""
    return players.is_drummed(heard), players.has_bass(heard)


def _singers(heard: Transcription, voices: Sequence[VoiceProfile], seed: int) -> Singers:
    """Return who stands for the voice that is heard; nobody where none is."""
    if not voices or not players.is_sung(heard):
        return Singers()
    try:
        return cast_singers(voices, style.gender_of(heard), (), Lyrics(()), 0.0, seed)
    except CannotWrite:
        return Singers()


def _with_words(plan: Plan, score: Score, lyrics: Lyrics | None) -> Plan:
    """Return the plan with the lines that are sung in each section."""
    if lyrics is None:
        return plan
    lines = {line.text: line for line in lyrics.lines}
    sections = list(plan.sections)
    for number, section in enumerate(sections):
        own = [
            lines[phrase.text]
            for part in score.vocals
            for phrase in part.phrases
            if phrase.section == number and phrase.text in lines
        ]
        if own:
            words = LyricSection(section.kind, section.label, tuple(own))
            sections[number] = msgspec.structs.replace(section, lyrics=words)
    return msgspec.structs.replace(plan, sections=tuple(sections))


def _style_text(plan: Plan, heard: Transcription) -> str:
    """Return tags for a recording: what was heard of its style, tempo, key and voice."""
    gender = style.gender_of(heard)
    voice = {"f": "female vocals", "m": "male vocals", None: "instrumental"}[gender]
    return ", ".join([plan.genres[0][0].replace("_", " "), f"{plan.bpm:g} bpm", plan.key.name, voice])
