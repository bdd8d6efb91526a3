"""The score as a standard MIDI file: what is played, on the audio's own time line.

A track a part, voices included with their words as lyric events. The silence before beat 0 is a bar of one quarter
at the tempo that makes it last exactly as long as in the audio, so that bar lines fall on beats and the file runs
beside the recording. Notes are where they are played: early and late as in the stems (up to 17 ms in a rock kit), so
that a track put beside its stem sounds with it. The notated rhythm is in the lead sheet (``musicxml``).
"""

from symusic.core import (
    ControlChangeTick,
    KeySignatureTick,
    NoteTick,
    PitchBendTick,
    ScoreTick,
    TempoTick,
    TextMetaTick,
    TimeSignatureTick,
    TrackTick,
)

from descant.media.notation import fifths
from descant.song.score import Note, Part, Role, Score, SungNote, VocalPart

TICKS = 480
"""Ticks a quarter note."""

_SUSTAIN = 64
_MODULATION = 1
_WHEEL_CENTS = 50.0
"""Depth of the vibrato that synthesizers make of a modulation wheel turned up whole (General MIDI 2, RP-024)."""

_BEND_CENTS, _BEND_STEPS = 200.0, 8192
"""The usual range of a pitch bend: two semitones either way."""

_SCOOP = ((0.0, 1.0), (0.02, 0.4), (0.04, 0.16), (0.06, 0.06), (0.1, 0.0))
"""How a scooped note comes home: (seconds after its start, what is left)."""

_VOICE_PROGRAM = 52  # choir aahs, General MIDI numbered from 0

PROGRAMS: dict[str, int] = {
    "grand_piano": 0,
    "mellow_piano": 0,
    "upright_piano": 1,
    "electric_piano": 4,
    "rhodes": 4,
    "wurlitzer": 4,
    "fm_piano": 5,
    "harpsichord": 6,
    "clavinet": 7,
    "celesta": 8,
    "bells": 9,
    "glockenspiel": 9,
    "fm_bell": 9,
    "music_box": 10,
    "vibraphone": 11,
    "marimba": 12,
    "xylophone": 13,
    "tubular_bells": 14,
    "dulcimer": 15,
    "organ": 16,
    "hammond_organ": 17,
    "church_organ": 19,
    "accordion": 21,
    "harmonica": 22,
    "bandoneon": 23,
    "nylon_guitar": 24,
    "ukulele": 24,
    "acoustic_guitar": 25,
    "steel_guitar": 25,
    "twelve_string_guitar": 25,
    "mandolin": 25,
    "jazz_guitar": 26,
    "clean_guitar": 27,
    "pedal_steel": 26,
    "muted_guitar": 28,
    "funk_guitar": 28,
    "overdriven_guitar": 29,
    "distorted_guitar": 30,
    "upright_bass": 32,
    "electric_bass": 33,
    "picked_bass": 34,
    "fretless_bass": 35,
    "slap_bass": 36,
    "synth_bass": 38,
    "acid_bass": 38,
    "fm_bass": 38,
    "chip_bass": 38,
    "reese_bass": 39,
    "sub_bass": 39,
    "bass_808": 39,
    "violin": 40,
    "viola": 41,
    "cello": 42,
    "contrabass": 43,
    "low_strings": 43,
    "tremolo_strings": 44,
    "pizzicato": 45,
    "harp": 46,
    "timpani": 47,
    "strings": 48,
    "slow_strings": 49,
    "string_machine": 50,
    "choir_aahs": 52,
    "choir_oohs": 53,
    "orchestra_hit": 55,
    "trumpet": 56,
    "trombone": 57,
    "tuba": 58,
    "muted_trumpet": 59,
    "french_horns": 60,
    "brass_section": 61,
    "synth_brass": 62,
    "soprano_sax": 64,
    "alto_sax": 65,
    "tenor_sax": 66,
    "oboe": 68,
    "bassoon": 70,
    "clarinet": 71,
    "piccolo": 72,
    "flute": 73,
    "recorder": 74,
    "pan_flute": 75,
    "shakuhachi": 77,
    "whistle": 78,
    "square_lead": 80,
    "chip_lead": 80,
    "chip_arp": 80,
    "saw_lead": 81,
    "synth_pluck": 84,
    "string_pluck": 84,
    "warm_pad": 89,
    "analog_pad": 89,
    "supersaw": 90,
    "choir_pad": 91,
    "bowed_pad": 92,
    "halo_pad": 94,
    "riser": 97,
    "impact": 127,
    "downlifter": 97,
    "sitar": 104,
    "banjo": 105,
    "koto": 107,
    "kalimba": 108,
    "bagpipe": 109,
    "fiddle": 110,
    "steel_drums": 114,
}
"""General MIDI programs (from 0) of the instrument presets that have pitch."""

KITS: dict[str, int] = {
    "standard_kit": 0,
    "percussion": 0,
    "kit_lofi": 0,
    "room_kit": 8,
    "power_kit": 16,
    "electronic_kit": 24,
    "kit_linn": 24,
    "kit_chip": 24,
    "kit_808": 25,
    "kit_909": 25,
    "kit_trap": 25,
    "jazz_kit": 32,
    "brush_kit": 40,
    "orchestra_kit": 48,
}
"""Programs on channel 10 of the drum kits and of hand percussion (General MIDI 2 and GS agree on these)."""

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

    def played(self, note: Note | SungNote, later: float = 0.0) -> int:
        """Return the tick at which a note is performed, or of a moment ``later`` seconds after it."""
        return self.tick(note.start + (note.shift + later) * self._score.tempo_map.bpm(note.start) / 60.0)

    def note(self, note: Note | SungNote) -> NoteTick:
        """Return a note's event as performed, at least one tick long."""
        start = self.played(note)
        length = max(1, self.tick(note.start + note.duration) - self.tick(note.start))
        return NoteTick(start, length, min(max(note.pitch, 0), 127), min(max(note.velocity, 1), 127))


def _is_kit(part: Part) -> bool:
    return part.instrument in KITS or (part.role is Role.DRUMS and part.instrument not in PROGRAMS)


def _program(part: Part, score: Score) -> int:
    """Return a part's program. All kits share channel 10, so the first part of the drums names the kit for all."""
    if not _is_kit(part):
        return PROGRAMS.get(part.instrument, _ROLE_PROGRAMS.get(part.role, 0))
    kits = sorted((other for other in score.parts if _is_kit(other)), key=lambda kit: kit.role is not Role.DRUMS)
    return KITS.get(kits[0].instrument, 0)


def _played(part: Part, score: Score, clock: _Clock) -> TrackTick:
    track: TrackTick = TrackTick(part.name, _program(part, score), _is_kit(part))
    for note in part.notes:
        track.notes.append(clock.note(note))
    _unlapped(track)
    for note in part.notes:
        _bend(note, clock, track)
    for pedal in part.pedals:
        track.controls.append(ControlChangeTick(clock.tick(pedal.start), _SUSTAIN, 127))
        track.controls.append(ControlChangeTick(clock.tick(pedal.stop), _SUSTAIN, 0))
    return track


def _unlapped(track: TrackTick) -> None:
    """End every note before the next of its pitch begins: one played early would else be cut by the other's end."""
    sounding: dict[int, NoteTick] = {}
    for note in sorted(track.notes, key=lambda note: note.time):
        before = sounding.get(note.pitch)
        if before is not None and before.end > note.time > before.time:
            before.duration = note.time - before.time
        sounding[note.pitch] = note


def _bend(note: Note, clock: _Clock, track: TrackTick) -> None:
    """Write how a note's pitch comes home and how it is held: bends in the usual range, and the modulation wheel.

    Both move a whole channel, which is right for what they are written for: instruments that play one note at a time.
    """
    if note.scoop:
        for seconds, left in _SCOOP:
            bend = round(-left * note.scoop / _BEND_CENTS * _BEND_STEPS)
            bend = min(max(bend, -_BEND_STEPS), _BEND_STEPS - 1)
            track.pitch_bends.append(PitchBendTick(clock.played(note, seconds), bend))
    if note.vibrato:
        depth = min(round(note.vibrato / _WHEEL_CENTS * 127), 127)
        track.controls.append(ControlChangeTick(clock.tick(note.start + note.duration / 4), _MODULATION, depth))
        track.controls.append(ControlChangeTick(clock.tick(note.start + note.duration), _MODULATION, 0))


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
                track.lyrics.append(TextMetaTick(clock.played(note), text))
            last = (note.word, note.syllable)
    _unlapped(track)
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
            file.key_signatures.append(
                KeySignatureTick(clock.tick(beat) if last else 0, fifths(key), int(key.is_minor))
            )
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
        file.tracks.append(_played(part, score, clock))
    return bytes(file.dumps_midi())
