"""Orders: what can be asked of an engine, each with what it needs besides the songs it starts from.

The songs an order starts from, its *sources*, are handed over beside it, in the order each class names them. Times are
seconds of the first source's audio, unless said otherwise.
"""

from typing import Literal

import msgspec

from descant.song.brief import Brief
from descant.song.theory import Chord

Variation = Literal["subtle", "normal", "high"]
"""How much of a song a remaster makes anew; see :class:`Remaster`."""

VARIATION: Variation = "normal"
"""How much a remaster makes anew when nothing is said of it."""

FAITHFULNESS = 0.7
"""How near a cover stays to its song when nothing is said of it, 0–1."""

SHORTEST_SAMPLE = 1.0
"""Seconds below which nothing can be told of a sample: less than a beat of slow music."""


class Create(msgspec.Struct, frozen=True, tag="create"):
    """A new song. No sources."""

    brief: Brief


class Extend(msgspec.Struct, frozen=True, tag="extend"):
    """What follows a song (source 1) after ``at``; the new song begins there.

    The brief's lyrics are the new words. What its tags do not name (key, tempo, voice, style) is carried on.
    """

    brief: Brief
    at: float


class Concat(msgspec.Struct, frozen=True, tag="concat"):
    """A song and its extensions as one song: the sources, each but the first extending the one before it."""


class Cover(msgspec.Struct, frozen=True, tag="cover"):
    """A song (source 1) in another style, with other words or another voice, whatever the brief gives.

    ``faithfulness`` 0–1: at 0 only the tune's outline and the form stay, at 1 everything the new style leaves room for.
    """

    brief: Brief
    faithfulness: float = FAITHFULNESS


class Remaster(msgspec.Struct, frozen=True, tag="remaster"):
    """A song (source 1) recorded again.

    ``variation``: "subtle" mixes and masters it anew, "normal" is also performed anew, "high" is also arranged anew.
    What sounds in a recording is not played again but mastered anew, a little, more, or as far as it can be.
    ``request_seed`` is shared by the takes of one request, of which this is number ``take`` from 0: variations of the
    mix are dealt to them, so that no two are mixed alike. None for a take that has no others beside it.
    """

    seed: int
    variation: Variation = VARIATION
    request_seed: int | None = None
    take: int = 0


class Replace(msgspec.Struct, frozen=True, tag="replace"):
    """A song (source 1) with new music, and ``brief.lyrics`` as its words, from ``start`` to ``stop``.

    The window moves to the musical boundaries nearest to it.
    """

    brief: Brief
    start: float
    stop: float


class Mashup(msgspec.Struct, frozen=True, tag="mashup"):
    """The voices of one song (source 1) over the band of another (source 2), in one tempo and compatible keys."""

    brief: Brief


class Sample(msgspec.Struct, frozen=True, tag="sample"):
    """A song grown from what is heard of another (source 1) from ``start`` to ``stop``."""

    brief: Brief
    start: float
    stop: float


class ChordChange(msgspec.Struct, frozen=True):
    """Chords for a section: (chord, beats) from its start on, repeated or cut to fill it."""

    chords: tuple[tuple[Chord, float], ...]


class MelodyNote(msgspec.Struct, frozen=True):
    """A note of a new melody: ``start`` in beats from the section's start, ``duration`` in beats, MIDI ``pitch``."""

    start: float
    duration: float
    pitch: int


TOLERANCE = 0.125
"""Beats by which a note of a new melody may last into the next one or over its section's end: half a sixteenth, the
grid that melodies are set on, so that rounded triplets and a hand's recording pass."""


class SectionEdit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What to change in one section of the score; what is None stays as it is.

    ``section`` counts from 0. ``lyrics`` are its new words, sung to its melody as far as syllables allow.
    """

    section: int
    chords: ChordChange | None = None
    melody: tuple[MelodyNote, ...] | None = None
    lyrics: str | None = None


class Rescore(msgspec.Struct, frozen=True, tag="rescore"):
    """A song (source 1) whose score was changed, performed again where it was."""

    seed: int
    edits: tuple[SectionEdit, ...]


class Extract(msgspec.Struct, frozen=True, tag="extract"):
    """Stems of a song (source 1) as a song of their own.

    ``label`` is what they are called, for people: "vocals", "instrumental", "bass" …; ``roles`` are the stems that are
    added up, as :class:`~descant.song.score.Role` values; none gives silence. ``separated``: the song is a recording,
    of which no such stem is stored, so it is taken out of the mix as well as that can be done.
    """

    label: str
    roles: tuple[str, ...]
    separated: bool = False


class Listen(msgspec.Struct, frozen=True, tag="listen"):
    """A recording that was sent in, as a song that can be edited: listened to, and kept sample by sample.

    Source 1 is no song yet but a folder with the file as it came. ``lyrics``, where given, are timed; ``language`` is
    theirs (BCP 47), "" to recognise it.
    """

    title: str
    lyrics: str = ""
    language: str = ""


class AddVocals(msgspec.Struct, frozen=True, tag="add-vocals"):
    """A recording (source 1) with singing over it; what is recorded stays untouched underneath.

    ``brief.lyrics`` are the words, sung from ``start`` to ``stop``; None is the recording's start or end.
    ``audio_weight`` 0–1 is how near the new part keeps to what was heard, as in covers.
    """

    brief: Brief
    start: float | None = None
    stop: float | None = None
    audio_weight: float = FAITHFULNESS


class AddInstrumental(msgspec.Struct, frozen=True, tag="add-instrumental"):
    """A recording (source 1) of a voice, or of anything without a band, with a band under it that follows its tempo.

    ``start``, ``stop`` and ``audio_weight`` as in :class:`AddVocals`.
    """

    brief: Brief
    start: float | None = None
    stop: float | None = None
    audio_weight: float = FAITHFULNESS


Order = (
    Create
    | Extend
    | Concat
    | Cover
    | Remaster
    | Replace
    | Mashup
    | Sample
    | Rescore
    | Extract
    | Listen
    | AddVocals
    | AddInstrumental
)


def encode(order: Order) -> str:
    """Return the order as JSON."""
    return msgspec.json.encode(order).decode()


def decode(text: str) -> Order:
    """Return the order of :func:`encode`; raises ``msgspec.DecodeError`` when it is none."""
    order: Order = msgspec.json.decode(text, type=Order)
    return order
