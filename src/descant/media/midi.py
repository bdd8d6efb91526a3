"""The score as a standard MIDI file: what is written, on the audio's own time line.

A track a part, voices included with their words as lyric events. The silence before beat 0 is a bar of one quarter
at the tempo that makes it last exactly as long as in the audio, so that bar lines fall on beats and the file runs
beside the recording. Notes are where they are notated; how they were played stays in the audio.
"""

from symusic.core import (
    ControlChangeTick,
    KeySignatureTick,
    NoteTick,
    ScoreTick,
    TempoTick,
    TextMetaTick,
    TimeSignatureTick,
    TrackTick,
)

from descant.song.score import Note, Part, Role, Score, SungNote, VocalPart

TICKS = 480
"""Ticks a quarter note."""

_SUSTAIN = 64
_VOICE_PROGRAM = 52  # choir aahs, General MIDI numbered from 0

PROGRAMS: dict[str, int] = {
    "grand_piano": 0,
    "electric_piano": 4,
    "electric_bass": 33,
    "picked_bass": 34,
    "synth_bass": 38,
    "upright_bass": 32,
    "clean_guitar": 27,
    "acoustic_guitar": 25,
    "nylon_guitar": 24,
    "distorted_guitar": 30,
    "muted_guitar": 28,
    "strings": 48,
    "slow_strings": 49,
    "warm_pad": 89,
    "choir_pad": 91,
    "bells": 9,
    "synth_pluck": 84,
    "saw_lead": 81,
    "organ": 16,
    "flute": 73,
    "standard_kit": 0,
    "room_kit": 8,
    "power_kit": 16,
    "electronic_kit": 24,
    "brush_kit": 40,
    "percussion": 0,
}
"""General MIDI programs (from 0) of the instrument presets; kits are programs of channel 10."""

_ROLE_PROGRAMS = {
    Role.BASS: 33,
    Role.GUITAR: 27,
    Role.STRINGS: 48,
    Role.SYNTH: 89,
    Role.BRASS: 61,
    Role.WOODWINDS: 73,
    Role.FX: 98,
}


class _Clock:
    """Beats of the score to ticks of the file."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self.offset = TICKS if score.lead_in > 0 else 0

    def tick(self, beat: float) -> int:
        """Return the tick of a beat; pickups before beat 0 keep their time in seconds, in the lead-in's tempo."""
        if beat >= 0:
            return self.offset + round(beat * TICKS)
        return max(0, round(self.offset * self._score.seconds(beat) / self._score.lead_in)) if self.offset else 0

    def note(self, note: Note | SungNote) -> NoteTick:
        """Return a note's event, at least one tick long."""
        start = self.tick(note.start)
        length = max(1, self.tick(note.start + note.duration) - start)
        return NoteTick(start, length, min(max(note.pitch, 0), 127), min(max(note.velocity, 1), 127))


def _played(part: Part, clock: _Clock) -> TrackTick:
    drums = part.role in (Role.DRUMS, Role.PERCUSSION)
    program = PROGRAMS.get(part.instrument, 0 if drums else _ROLE_PROGRAMS.get(part.role, 0))
    track: TrackTick = TrackTick(part.name, program, drums)
    for note in part.notes:
        track.notes.append(clock.note(note))
    for pedal in part.pedals:
        track.controls.append(ControlChangeTick(clock.tick(pedal.start), _SUSTAIN, 127))
        track.controls.append(ControlChangeTick(clock.tick(pedal.stop), _SUSTAIN, 0))
    return track


def _sung(part: VocalPart, clock: _Clock) -> TrackTick:
    track: TrackTick = TrackTick(part.name, _VOICE_PROGRAM, False)
    for phrase in part.phrases:
        last: tuple[int, int] | None = None
        for note in phrase.notes:
            track.notes.append(clock.note(note))
            if (note.word, note.syllable) != last:
                word = phrase.words[note.word]
                ends = note.syllable == len(word.syllables) - 1
                text = word.syllables[note.syllable].text + (" " if ends else "-")
                track.lyrics.append(TextMetaTick(clock.tick(note.start), text))
            last = (note.word, note.syllable)
    return track


def _map(score: Score, clock: _Clock, file: ScoreTick) -> None:
    """Write tempo, metre, key and section markers."""
    if clock.offset:
        file.time_signatures.append(TimeSignatureTick(0, 1, 4))
        file.tempos.append(TempoTick(0, 60.0 / score.lead_in))
    file.time_signatures.append(TimeSignatureTick(clock.tick(0.0), score.metre.beats, score.metre.unit))
    for change in score.tempo:
        file.tempos.append(TempoTick(clock.tick(change.beat), change.bpm))
    keys = [(0.0, score.key), *((section.start, section.key) for section in score.sections)]
    last = None
    for beat, key in keys:
        if key != last:
            sharps = (key.relative_major * 7) % 12
            sharps -= 12 if sharps > 6 or (sharps == 6 and key.uses_flats) else 0
            file.key_signatures.append(KeySignatureTick(clock.tick(beat) if last else 0, sharps, int(key.is_minor)))
        last = key
    for section in score.sections:
        file.markers.append(TextMetaTick(clock.tick(section.start), section.label))


def encode(score: Score) -> bytes:
    """Return ``score`` as a standard MIDI file of format 1, with voices first, then parts in score order."""
    clock = _Clock(score)
    file = ScoreTick(TICKS)
    _map(score, clock, file)
    file.tracks.append(TrackTick(score.title or "Song", 0, False))
    for vocal in score.vocals:
        file.tracks.append(_sung(vocal, clock))
    for part in score.parts:
        file.tracks.append(_played(part, clock))
    return bytes(file.dumps_midi())
