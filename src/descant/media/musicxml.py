"""The song as a lead sheet in MusicXML 4.0: melody, words and chord symbols, for people to sing and play from.

Each singer has a part, the lead first; a song without singers gives the part of its leading instrument. Chords,
tempo and section names stand over the first part. Notes stand where they are notated, not where they were played.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from xml.etree import ElementTree as ET

from descant.media import notation
from descant.media.leadsheet import Staff, Syllable, Tone, staves_of, without_gaps
from descant.media.notation import Bar, Spelled, Value
from descant.song.score import Score
from descant.song.theory import Chord, Key

_DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)
_MODES = {"harmonic minor": "minor", "phrygian dominant": "phrygian"}
"""Modes that the format has no word for, and the nearest it has."""

_KINDS: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = {
    "": ("major", ()),
    "m": ("minor", ()),
    "5": ("power", ()),
    "dim": ("diminished", ()),
    "aug": ("augmented", ()),
    "sus2": ("suspended-second", ()),
    "sus4": ("suspended-fourth", ()),
    "6": ("major-sixth", ()),
    "m6": ("minor-sixth", ()),
    "7": ("dominant", ()),
    "maj7": ("major-seventh", ()),
    "m7": ("minor-seventh", ()),
    "mmaj7": ("major-minor", ()),
    "m7b5": ("half-diminished", ()),
    "dim7": ("diminished-seventh", ()),
    "7sus4": ("suspended-fourth", ((7, 0),)),
    "add9": ("major", ((9, 0),)),
    "madd9": ("minor", ((9, 0),)),
    "9": ("dominant-ninth", ()),
    "maj9": ("major-ninth", ()),
    "m9": ("minor-ninth", ()),
    "13": ("dominant-13th", ()),
    "7b9": ("dominant", ((9, -1),)),
    "7#9": ("dominant", ((9, 1),)),
}
"""MusicXML's kind of each chord quality, and the degrees (degree, alteration) added to it."""

_ADDED = {"7sus4": "sus4", "add9": "", "madd9": "m", "7b9": "7", "7#9": "7"}
"""Text of the kinds whose added degree is printed beside them; other kinds print their quality."""

_ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_FLAGS = {"eighth": 1, "16th": 2, "32nd": 3, "64th": 4, "128th": 5, "256th": 6}
_VOICE_PROGRAM = 53  # choir aahs, General MIDI numbered from 1


def _add(parent: ET.Element, tag: str, text: object = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, {name.replace("_", "-"): value for name, value in attributes.items()})
    if text is not None:
        element.text = str(text)
    return element


def encode(score: Score) -> bytes:
    """Return ``score`` as a lead sheet: a MusicXML 4.0 partwise document in UTF-8."""
    staves = staves_of(score)
    first = min((tone.start for staff in staves for tone in staff.tones), default=0)
    bars = notation.bars(score, first)
    root = ET.Element("score-partwise", version="4.0")
    _head(root, score, staves)
    for index, staff in enumerate(staves):
        part = _add(root, "part", id=f"P{index + 1}")
        _PartWriter(score, staff, bars, leads=index == 0).write(part)
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_DOCTYPE}\n{body}\n'.encode()


def _head(root: ET.Element, score: Score, staves: Sequence[Staff]) -> None:
    _add(_add(root, "work"), "work-title", score.title or "Song")
    identification = _add(root, "identification")
    _add(identification, "creator", "Descant", type="composer")
    encoding = _add(identification, "encoding")
    _add(encoding, "software", "Descant")
    for element in ("accidental", "beam"):
        _add(encoding, "supports", element=element, type="yes")
    parts = _add(root, "part-list")
    for index, staff in enumerate(staves):
        part = _add(parts, "score-part", id=f"P{index + 1}")
        _add(part, "part-name", staff.name)
        if staff.sung:
            instrument = f"P{index + 1}-I1"
            _add(_add(part, "score-instrument", id=instrument), "instrument-name", staff.name)
            midi = _add(part, "midi-instrument", id=instrument)
            _add(midi, "midi-channel", index % 9 + 1)
            _add(midi, "midi-program", _VOICE_PROGRAM)


class _PartWriter:
    """Writes one part, bar by bar. ``leads`` is True for the part that carries chords, tempo and section names."""

    def __init__(self, score: Score, staff: Staff, bars: Sequence[Bar], *, leads: bool) -> None:
        self._score = score
        self._staff = staff
        self._bars = bars
        self._marks = sorted(_marks(score), key=lambda mark: mark[0]) if leads else []
        self._leads = leads
        self._key: Key | None = None

    def write(self, part: ET.Element) -> None:
        """Write all bars under ``part``."""
        tones = without_gaps(self._staff.tones, self._bars)
        self._following = {a.start: b.pitch for a, b in pairwise(tones)}
        for bar in self._bars:
            measure = _add(part, "measure", number=str(bar.number))
            if bar.partial:
                measure.set("implicit", "yes")
            if self._leads and bar.section is not None and bar is not self._bars[0]:
                _add(measure, "print", new_system="yes")
            self._attributes(measure, bar)
            self._fill(measure, bar, [tone for tone in tones if tone.stop > bar.start and tone.start < bar.stop])
            self._close(measure, bar)

    def _key_of(self, bar: Bar) -> Key:
        return notation.key_at(self._score, bar.start / notation.DIVISIONS)

    def _attributes(self, measure: ET.Element, bar: Bar) -> None:
        key, first = self._key_of(bar), self._key is None
        if key == self._key:
            return
        self._key = key
        attributes = _add(measure, "attributes")
        if first:
            _add(attributes, "divisions", notation.DIVISIONS)
        signature = _add(attributes, "key")
        _add(signature, "fifths", notation.fifths(key))
        _add(signature, "mode", _MODES.get(key.mode, key.mode))
        if first:
            time = _add(attributes, "time")
            _add(time, "beats", self._score.metre.beats)
            _add(time, "beat-type", self._score.metre.unit)
            self._clef(attributes)

    def _clef(self, attributes: ET.Element) -> None:
        """Write the clef that keeps the part near its staff; low voices read a treble clef an octave down."""
        pitches = [tone.pitch for tone in self._staff.tones if tone.pitch is not None] or [67]
        middle = median(pitches)
        sign, line, shift = ("G", 2, 0) if middle >= 61 else ("G", 2, -1) if middle >= 50 else ("F", 4, 0)
        if middle >= 86:
            shift = 1
        clef = _add(attributes, "clef")
        _add(clef, "sign", sign)
        _add(clef, "line", line)
        if shift:
            _add(clef, "clef-octave-change", shift)

    def _fill(self, measure: ET.Element, bar: Bar, tones: Sequence[Tone]) -> None:
        """Write the notes and rests of a bar, each after what stands over it."""
        drawn = [entry for tone in tones for entry in self._drawn(tone, bar)]
        beams = _beams(drawn, bar, notation.beat_length(self._score.metre))
        altered: dict[tuple[str, int], int] = {}
        for index, (value, tone) in enumerate(drawn):
            for at, mark in self._marks:
                if value.start <= at < value.start + value.length:
                    mark(measure, at - value.start, self._key_of(bar))
            note = self._note(measure, value, tone, altered)
            if value.length == bar.stop - bar.start and tone.pitch is None:
                note.find("rest").set("measure", "yes")  # type: ignore[union-attr]
            self._finish(note, value, tone, beams.get(index, ()), drawn)

    def _drawn(self, tone: Tone, bar: Bar) -> Iterator[tuple[Value, Tone]]:
        start, stop = max(tone.start, bar.start), min(tone.stop, bar.stop)
        rest = tone.pitch is None
        if rest and (start, stop) == (bar.start, bar.stop):
            yield Value(start, stop - start, "whole" if not bar.partial else "", 0), tone
            return
        for value in notation.values(start, stop, bar, self._score.metre, self._staff.triplets, rest=rest):
            yield value, tone

    def _note(self, measure: ET.Element, value: Value, tone: Tone, altered: dict[tuple[str, int], int]) -> ET.Element:
        """Write a note up to its accidental."""
        note = _add(measure, "note")
        accidental = None
        if tone.pitch is None:
            _add(note, "rest")
        else:
            spelled = self._spelled(tone)
            pitch = _add(note, "pitch")
            _add(pitch, "step", spelled.step)
            if spelled.alter:
                _add(pitch, "alter", spelled.alter)
            _add(pitch, "octave", spelled.octave)
            accidental = self._accidental(spelled, altered, tied=value.start > tone.start)
        _add(note, "duration", value.length)
        if tone.pitch is not None:
            for kind in _ties(value, tone):
                _add(note, "tie", type=kind)
        _add(note, "voice", 1)
        if value.name:
            _add(note, "type", value.name)
        for _ in range(value.dots):
            _add(note, "dot")
        if accidental:
            _add(note, "accidental", accidental)
        return note

    def _spelled(self, tone: Tone) -> Spelled:
        assert tone.pitch is not None
        beat = tone.start / notation.DIVISIONS
        key, chord = notation.key_at(self._score, beat), notation.chord_at(self._score.chords, beat)
        return notation.spell(tone.pitch, key, chord, self._following.get(tone.start))

    def _accidental(self, spelled: Spelled, altered: dict[tuple[str, int], int], *, tied: bool) -> str | None:
        """Return the sign to print, if the signature and the bar so far do not say it; ties need none."""
        assert self._key is not None
        place = "FCGDAEB".index(spelled.step)
        signature = (notation.fifths(self._key) - place + 6) // 7
        where = (spelled.step, spelled.octave)
        if tied or altered.get(where, signature) == spelled.alter:
            return None
        altered[where] = spelled.alter
        return _ACCIDENTALS[spelled.alter]

    def _finish(
        self, note: ET.Element, value: Value, tone: Tone, beams: Sequence[str], drawn: Sequence[tuple[Value, Tone]]
    ) -> None:
        """Write what follows a note's accidental: triplet, head, beams, ties and words."""
        if value.triplet:
            change = _add(note, "time-modification")
            _add(change, "actual-notes", 3)
            _add(change, "normal-notes", 2)
        if tone.spoken and tone.pitch is not None:
            _add(note, "notehead", "x")
        for level, kind in enumerate(beams):
            if kind:
                _add(note, "beam", kind, number=str(level + 1))
        ties = _ties(value, tone) if tone.pitch is not None else ()
        brackets = _brackets(value, drawn)
        if ties or brackets:
            notations = _add(note, "notations")
            for kind in ties:
                _add(notations, "tied", type=kind)
            for kind in brackets:
                _add(notations, "tuplet", type=kind, number="1")
        if tone.syllable is not None and value.start == tone.start:
            _write_syllable(note, tone.syllable)

    def _close(self, measure: ET.Element, bar: Bar) -> None:
        last = bar is self._bars[-1]
        starts = {notation.ticks(section.start) for section in self._score.sections}
        if last or bar.stop in starts - {0}:
            barline = _add(measure, "barline", location="right")
            _add(barline, "bar-style", "light-heavy" if last else "light-light")


def _ties(value: Value, tone: Tone) -> tuple[str, ...]:
    stop = ("stop",) if value.start > tone.start else ()
    return (*stop, "start") if value.start + value.length < tone.stop else stop


def _brackets(value: Value, drawn: Sequence[tuple[Value, Tone]]) -> tuple[str, ...]:
    """Return whether a triplet's bracket starts or stops at a value."""
    if not value.triplet:
        return ()
    beat = value.start // notation.DIVISIONS
    fellows = [v for v, _ in drawn if v.triplet and v.start // notation.DIVISIONS == beat]
    return tuple(kind for kind, edge in (("start", fellows[0]), ("stop", fellows[-1])) if edge is value)


def _write_syllable(note: ET.Element, syllable: Syllable) -> None:
    lyric = _add(note, "lyric", number="1")
    if syllable.text:
        _add(lyric, "syllabic", syllable.syllabic)
        _add(lyric, "text", syllable.text)
    if syllable.extend:
        _add(lyric, "extend", type=syllable.extend)


def _beams(drawn: Sequence[tuple[Value, Tone]], bar: Bar, beat: int) -> dict[int, list[str]]:
    """Return the beams of each drawn note by index: notes with flags that follow one another within a beat."""
    result: dict[int, list[str]] = {}
    group: list[int] = []
    for index in range(len(drawn) + 1):
        value, tone = drawn[index] if index < len(drawn) else (None, None)
        joins = value is not None and tone is not None and tone.pitch is not None and value.name in _FLAGS
        if group and (
            not joins
            or value is None
            or (value.start - bar.origin) // beat != (drawn[group[0]][0].start - bar.origin) // beat
        ):
            if len(group) > 1:
                result.update(_beam_group(group, [_FLAGS[drawn[i][0].name] for i in group]))
            group = []
        if joins:
            group.append(index)
    return result


def _beam_group(group: Sequence[int], flags: Sequence[int]) -> dict[int, list[str]]:
    result: dict[int, list[str]] = {index: [] for index in group}
    for level in range(1, max(flags) + 1):
        for place, index in enumerate(group):
            if flags[place] < level:
                continue
            before = place > 0 and flags[place - 1] >= level
            after = place + 1 < len(group) and flags[place + 1] >= level
            if before or after:
                kind = "continue" if before and after else "begin" if after else "end"
            else:
                kind = "forward hook" if place == 0 else "backward hook"
            result[index].append(kind)
    return result


_Mark = Callable[[ET.Element, int, Key], None]
"""Writes what stands over the staff into a measure, so many ticks after the place reached, in a key."""


def _marks(score: Score) -> Iterator[tuple[int, _Mark]]:
    """Return section names, tempo marks, the fade and chord symbols with their ticks, in printing order."""
    for section in score.sections:
        yield notation.ticks(section.start), _over("rehearsal", section.label)
    compound = notation.is_compound(score.metre)
    for change in score.tempo:
        yield notation.ticks(change.beat), _metronome(change.bpm, compound=compound)
    if score.fade is not None:
        yield notation.ticks(score.fade.start), _over("words", "Fade out")
    starts = {section.start for section in score.sections}
    last: Chord | None = None
    for span in score.chords:
        if span.chord != last or span.start in starts:
            yield notation.ticks(span.start), _harmony(span.chord)
        last = span.chord


def _direction(measure: ET.Element, offset: int, sound: float | None = None) -> ET.Element:
    direction = _add(measure, "direction", placement="above")
    kind = _add(direction, "direction-type")
    if offset:
        _add(direction, "offset", offset)
    if sound is not None:
        _add(direction, "sound", tempo=f"{sound:g}")
    return kind


def _over(tag: str, text: str) -> _Mark:
    """Return a mark of words over the staff: a section's name ("rehearsal") or "words"."""

    def write(measure: ET.Element, offset: int, _: Key) -> None:
        _add(_direction(measure, offset), tag, text)

    return write


def _metronome(bpm: float, *, compound: bool) -> _Mark:
    def write(measure: ET.Element, offset: int, _: Key) -> None:
        metronome = _add(_direction(measure, offset, bpm), "metronome", parentheses="no")
        _add(metronome, "beat-unit", "quarter")
        if compound:
            _add(metronome, "beat-unit-dot")
        _add(metronome, "per-minute", round(bpm / 1.5 if compound else bpm))

    return write


def _harmony(chord: Chord) -> _Mark:
    def write(measure: ET.Element, offset: int, key: Key) -> None:
        harmony = _add(measure, "harmony")
        _name(_add(harmony, "root"), "root", *notation.root_name(chord, key))
        kind, degrees = _KINDS[chord.quality]
        _add(harmony, "kind", kind).set("text", _ADDED.get(chord.quality, chord.quality))
        if chord.bass is not None and chord.bass != chord.root:
            _name(_add(harmony, "bass"), "bass", *notation.bass_name(chord, key))
        for number, alter in degrees:
            degree = _add(harmony, "degree")
            _add(degree, "degree-value", number)
            _add(degree, "degree-alter", alter)
            _add(degree, "degree-type", "add")
        if offset:
            _add(harmony, "offset", offset)

    return write


def _name(parent: ET.Element, kind: str, step: str, alter: int) -> None:
    _add(parent, f"{kind}-step", step)
    if alter:
        _add(parent, f"{kind}-alter", alter)
