"""What a style file says about writing a song: tempo, harmony, form, rhythm and the voice.

The figures of a style come from research tables of charted songs (section lengths, chord shares, syncopation,
melisma) and from craft; each style file is checked against :class:`WritingStyle` when it is loaded.

Harmony is written in Roman numerals against the *major* scale of the tonic, whatever the mode (``bVI`` in minor is the
flat sixth). Blanks part bars, commas part chords inside a bar, ``/7`` names the scale degree in the bass::

    "I V/7 vi IV"      four bars
    "ii7,V7 Imaj7"     two bars, two chords in the first
"""

from collections.abc import Mapping

import msgspec

Weighted = tuple[tuple[str, float], ...]
"""Alternatives with their weights; the weights need not sum to one."""


class WritingStyle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a style writes songs.

    Attributes
    ----------
    bpm : (lowest, likeliest, highest) tempo.
    modes : mode name to weight.
    tonics : preferred tonics as note names, favoured where the voice allows it; empty for no preference.
    progressions : "major" or "minor", or a mode that has progressions of its own, to section kind to weighted
        progressions. Kinds missing here borrow: solo from verse or chorus, intro and outro from chorus, post-chorus
        from chorus, interlude from verse.
    colour : chord colour, 0 triads, 1 sus and add9, 2 sevenths, 3 ninths, 4 altered chords.
    slash : probability that a bass line is smoothed with inverted chords where it would otherwise leap.
    last_chord : quality of the final tonic chord, "" for a plain triad.
    metres : weighted metres, as written ("4/4", "3/4", "6/8", "12/8").
    forms : weighted letter forms (I intro, V verse, P pre-chorus, C chorus, T post-chorus, B bridge, S solo,
        N interlude, U build, D drop, K break, O outro) for songs without section tags.
    bars : section kind to bars for sections without words.
    modern_intro : probability of an intro of at most four bars.
    energy : section kind to energies 0–1 of its first, second … occurrence; the last repeats.
    final_energy : energy of the last chorus, the song's peak.
    bridge_drop : probability that the bridge falls back in energy and does not climb on.
    syncopation : 0–1, how readily a strong syllable is sung ahead of its beat.
    melisma : share of syllables sung on more than one note.
    pace : comfortable syllables a second in a verse.
    chorus_pace : the same for a chorus.
    register : semitones added to the voice's centre.
    chorus_rise : semitones from the middle of the verse to the middle of the chorus.
    span : factor on the melody's range.
    swing : (lowest, highest) place of the second subdivision, 0.5 straight.
    swing_unit : length in beats of the subdivision that swings (0.25 sixteenths, 0.5 eighths).
    lift : probability that the last chorus modulates, and ``lift_steps`` the weighted semitones it rises by.
    harmony : probability of a second voice in the first, second … chorus; the last repeats.
    endings : weighted "ring" (last chord rings), "ritardando", "stop", "fade".
    lateness : seconds the singer sits behind the beat.
    scoop : share of phrase starts approached from below.
    vibrato : depth in cents on long notes.
    deliveries : section kind to the delivery of its lines where the words do not say ("rap", "screamed" …).
    vocal_effects : "auto-tune", "choir": see :class:`~descant.song.score.VocalPart`; a choir is of backing voices.
    chromatic : probability of one re-colouring operator a song besides those weirdness brings.
    instruments : layer ("drums", "percussion", "bass", "comp", "comp2", "guitar", "guitar2", "pad", "strings", "horns",
        "lead", "fx") to weighted presets; "" stands for leaving the layer out.
    """

    bpm: tuple[float, float, float]
    modes: dict[str, float]
    progressions: dict[str, dict[str, Weighted]]
    forms: Weighted
    bars: dict[str, int]
    energy: dict[str, tuple[float, ...]]
    instruments: dict[str, Weighted]
    metres: Weighted = (("4/4", 1.0),)
    tonics: tuple[str, ...] = ()
    colour: float = 0.5
    slash: float = 0.2
    last_chord: str = ""
    modern_intro: float = 0.7
    final_energy: float = 1.0
    bridge_drop: float = 0.6
    syncopation: float = 0.35
    melisma: float = 0.07
    pace: float = 2.6
    chorus_pace: float = 2.3
    register: float = 0.0
    chorus_rise: float = 3.0
    span: float = 1.0
    swing: tuple[float, float] = (0.5, 0.5)
    swing_unit: float = 0.25
    lift: float = 0.1
    lift_steps: tuple[tuple[int, float], ...] = ((1, 1.0), (2, 1.0))
    harmony: tuple[float, ...] = (0.5, 0.8, 1.0)
    endings: Weighted = (("ring", 1.0),)
    lateness: float = 0.0
    scoop: float = 0.25
    vibrato: float = 35.0
    deliveries: dict[str, str] = {}
    vocal_effects: tuple[str, ...] = ()
    chromatic: float = 0.2

    def rate(self, kind: str) -> float:
        """Return comfortable syllables a second in a section of a kind (a ``SectionKind`` value)."""
        return self.chorus_pace if kind in ("chorus", "post-chorus", "bridge", "outro") else self.pace

    def section_progressions(self, family: str, kind: str) -> Weighted:
        """Return the progressions of a section kind, borrowed from a related kind where the style lists none.

        Parameters
        ----------
        family : "major" or "minor", or a mode the style lists.
        kind : a :class:`~descant.song.lyrics.SectionKind` value.

        Raises
        ------
        KeyError : when the style has neither a verse nor a chorus in that family.
        """
        table: Mapping[str, Weighted] = self.progressions[family]
        for name in (kind, *_BORROWED.get(kind, ()), "chorus", "verse"):
            if name in table:
                return table[name]
        raise KeyError(f"style has no progressions for {kind!r} in {family}")


_BORROWED: dict[str, tuple[str, ...]] = {
    "intro": ("chorus",),
    "outro": ("chorus",),
    "post-chorus": ("chorus",),
    "drop": ("chorus",),
    "solo": ("verse",),
    "interlude": ("verse",),
    "break": ("bridge", "verse"),
    "build": ("pre-chorus", "bridge"),
    "pre-chorus": ("bridge",),
}
