"""What the API asks for, freed of HTTP. Types and lengths were checked where the request came in.

Names are the contract's where it has any (contract/sonic.md §1.2, §5). A weight of None was not given. The same
``seed`` and request make the same songs; None draws one.
"""

from dataclasses import asdict, dataclass
from typing import Literal

import msgspec

from descant.song.orders import Variation


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is said of a song to be written.

    ``custom_mode`` takes ``prompt`` as lyrics, or as a brief to write lyrics from with ``auto_lyrics``; otherwise
    ``gpt_description_prompt`` describes the song.
    """

    custom_mode: bool
    mv: str
    prompt: str = ""
    gpt_description_prompt: str = ""
    title: str = ""
    tags: str = ""
    negative_tags: str = ""
    make_instrumental: bool = False
    auto_lyrics: bool = False
    vocal_gender: Literal["f", "m"] | None = None
    style_weight: float | None = None
    weirdness_constraint: float | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class CreateMusic(Wishes):
    """New songs."""


@dataclass(frozen=True, kw_only=True)
class PersonaMusic(Wishes):
    """New songs, sung by a persona of the account."""

    persona_id: str


@dataclass(frozen=True, kw_only=True)
class ExtendMusic(Wishes):
    """What follows a clip after ``continue_at`` seconds; with ``auto_concat`` each take is also joined to the clip."""

    continue_clip_id: str
    continue_at: float
    auto_concat: bool = False


@dataclass(frozen=True, kw_only=True)
class CoverMusic(Wishes):
    """A clip in another style. ``audio_weight`` 0–1: how near it stays."""

    continue_clip_id: str
    audio_weight: float | None = None


@dataclass(frozen=True, kw_only=True)
class ConcatMusic:
    """An extension and what it extends as one song; ``continue_clip_id`` is the extension."""

    continue_clip_id: str


@dataclass(frozen=True, kw_only=True)
class Remaster:
    """A clip recorded again."""

    continue_clip_id: str
    mv: str
    variation_category: Variation | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class SampleClip(Wishes):
    """Songs grown from a clip's audio between two times in seconds.

    Without a start it is the clip's; without an end it is 30 seconds later, or the clip's where that comes first.
    """

    sample_clip_id: str
    chop_sample_start_s: float | None = None
    chop_sample_end_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class MashUp(Wishes):
    """The voices of the first clip over the band of the second."""

    mashup_clip_ids: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class ReplaceSection:
    """A clip with ``infill_lyrics`` sung to new music between two times in seconds.

    What is made is the whole song anyway; with ``auto_concat`` it is shown as a pair, as joined extensions are.
    """

    clip_id: str
    infill_start_s: float
    infill_end_s: float
    infill_lyrics: str
    mv: str = ""
    title: str = ""
    tags: str = ""
    negative_tags: str = ""
    vocal_gender: Literal["f", "m"] | None = None
    style_weight: float | None = None
    weirdness_constraint: float | None = None
    auto_concat: bool = False
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class SeparateStems:
    """The stems of a clip: voice and band, or with ``full`` each by itself."""

    clip_id: str
    full: bool


@dataclass(frozen=True, kw_only=True)
class WrittenNote:
    """A note of a melody: ``start`` and ``duration`` in beats from the section's start, MIDI ``pitch``."""

    start: float
    duration: float
    pitch: int


@dataclass(frozen=True, kw_only=True)
class SectionChange:
    """What to change in one section of a clip's score, counted from 0; None stays as it is.

    ``chords`` is text, a bar between two bar lines: "C | Am F | G".
    """

    section: int
    chords: str | None = None
    melody: tuple[WrittenNote, ...] | None = None
    lyrics: str | None = None


@dataclass(frozen=True, kw_only=True)
class EditScore:
    """A clip with changes in its score, performed again where they are."""

    clip_id: str
    edits: tuple[SectionChange, ...]
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class UploadRecording:
    """A recording to be taken in.

    It is fetched from ``url``, or with "" lies as a file in the object store already, kept for the clip ``clip_id``.
    ``lyrics``, where given, are what is sung in it; ``language`` is theirs (BCP 47), "" to recognise it. ``included``:
    it comes with what is made of it, which is paid for instead.
    """

    url: str = ""
    clip_id: str = ""
    title: str = ""
    lyrics: str = ""
    language: str = ""
    included: bool = False


@dataclass(frozen=True, kw_only=True)
class ExtendUpload(ExtendMusic):
    """What follows a recording after ``continue_at`` seconds."""


@dataclass(frozen=True, kw_only=True)
class CoverUpload(CoverMusic):
    """A recording in another style."""


@dataclass(frozen=True, kw_only=True)
class AddToUpload(Wishes):
    """A recording with something added to it, in a window in seconds; without a side it reaches to that end.

    ``audio_weight`` 0–1: how near the new part keeps to what is heard.
    """

    continue_clip_id: str
    overpainting_start_s: float | None = None
    overpainting_end_s: float | None = None
    audio_weight: float | None = None


@dataclass(frozen=True, kw_only=True)
class AddVocals(AddToUpload):
    """A recording with singing over it."""


@dataclass(frozen=True, kw_only=True)
class AddInstrumental(AddToUpload):
    """A recording with a band under it."""


@dataclass(frozen=True, kw_only=True)
class UploadAndExtend(Wishes):
    """A recording that is taken in, and what follows it after ``continue_at`` seconds.

    With ``auto_concat`` each take is also joined to the recording.
    """

    recording: UploadRecording
    continue_at: float
    auto_concat: bool = False


@dataclass(frozen=True, kw_only=True)
class UploadAndCover(Wishes):
    """A recording that is taken in, in another style."""

    recording: UploadRecording
    audio_weight: float | None = None


@dataclass(frozen=True, kw_only=True)
class UploadAndSample(Wishes):
    """A recording that is taken in, and songs grown from it between two times in seconds, as :class:`SampleClip`."""

    recording: UploadRecording
    chop_sample_start_s: float | None = None
    chop_sample_end_s: float | None = None


Plain = (
    CreateMusic
    | PersonaMusic
    | ExtendMusic
    | CoverMusic
    | ConcatMusic
    | Remaster
    | SampleClip
    | MashUp
    | ReplaceSection
    | SeparateStems
    | UploadRecording
    | ExtendUpload
    | CoverUpload
    | AddVocals
    | AddInstrumental
    | UploadAndExtend
    | UploadAndCover
    | UploadAndSample
)
"""What becomes a task by what the database knows of clips alone."""

Request = Plain | EditScore
"""Everything that becomes a task."""


class Echo(msgspec.Struct, frozen=True, kw_only=True):
    """What a clip repeats of the request it was made for, whichever kind that was."""

    mv: str
    gpt_description_prompt: str = ""
    negative_tags: str = ""
    style_weight: float | None = None
    weirdness_constraint: float | None = None
    auto_concat: bool = False


def encode(request: Request, mv: str) -> str:
    """Return the request as JSON, to be kept with its task; ``mv`` is the model its clips show."""
    return msgspec.json.encode(asdict(request) | {"mv": mv}).decode()


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """Of the request for a recording to be taken in: where it is to be fetched, "" when it was sent."""

    url: str = ""


def recorded(text: str) -> Recorded:
    """Return where a recording comes from, given the JSON of :func:`encode`."""
    return msgspec.json.decode(text, type=Recorded)


def echo(text: str) -> Echo:
    """Return what is shown of a request, given the JSON of :func:`encode`."""
    return msgspec.json.decode(text, type=Echo)
