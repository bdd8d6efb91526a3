"""Bodies of the sonic operations that answer at once (contract/sonic.md §6, contract/lyrics.md)."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from descant.api.sonic.examples import CLIP_ID
from descant.api.sonic.fields import Identifier, Seconds, Seed, StrictBody, rule

DESCRIPTION_MAX = 120
"""Longest line that lyrics are written from (contract/errors.md §3)."""

UPSAMPLED_MAX = 1_000
"""Longest tags that are upsampled: the most a request for a song takes."""


class ClipRequest(StrictBody):
    """A finished clip of your own."""

    clip_id: Annotated[Identifier, Field(description="A clip of a finished task.", examples=[CLIP_ID])]


class DownloadRequest(ClipRequest):
    """Formats of a clip's audio."""

    formats: Annotated[
        list[Literal["mp3", "m4a", "wav", "flac", "opus", "mp3_320", "mp3_v0", "wav_16", "mp4"]],
        Field(
            min_length=1,
            max_length=9,
            description="Which files: `mp3` (192 kbit/s), `m4a` (AAC, 256 kbit/s) or `wav` (24 bits). Not of the "
            "original contract: `flac`, `opus`, `mp3_320`, `mp3_v0` (variable rate), `wav_16` and `mp4`, a video with "
            "the waveform and the words.",
            examples=[["mp3", "wav"]],
        ),
    ]


class VoxRequest(ClipRequest):
    """A stretch of a clip's singing."""

    vocal_start_s: Annotated[
        Seconds | None, Field(description="Where it begins; with both left out, the 30 seconds with most singing.")
    ] = None
    vocal_end_s: Annotated[Seconds | None, Field(description="Where it ends, at most 30 seconds later.")] = None

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.vocal_end_s is not None and self.vocal_end_s <= (self.vocal_start_s or 0):
            raise rule(f"'vocal_end_s' is {self.vocal_end_s:g}, but must be later than 'vocal_start_s'.")
        return self


class LyricsRequest(StrictBody):
    """What lyrics are to be about."""

    description: Annotated[
        str,
        Field(
            max_length=DESCRIPTION_MAX,
            description="The song in a line. `prompt` is taken for it when it is missing.",
            examples=["Two friends drive all night to see the sea"],
        ),
    ]
    seed: Annotated[
        Seed | None, Field(description="Not of the original contract: the same line and seed give the same lyrics.")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _alias(cls, data: Any) -> Any:
        """Take the name that one client sends (contract/lyrics.md)."""
        if isinstance(data, dict) and data.get("description") is None and data.get("prompt") is not None:
            return data | {"description": data["prompt"]}
        return data

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.description.strip():
            raise rule("'description' is empty, but must say what the song is about.")
        return self


class TagsRequest(StrictBody):
    """Style tags to be told in full."""

    tags: Annotated[
        str, Field(max_length=UPSAMPLED_MAX, description="Style, as in a request.", examples=["lo-fi, rainy evening"])
    ]

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.tags.strip():
            raise rule("'tags' is empty, but must name a style.")
        return self


class Answer(BaseModel):
    """What every answer says besides its data."""

    code: int = Field(200, examples=[200])
    message: str = Field("success", examples=["success"])


class Wav(BaseModel):
    """Where the lossless file is."""

    wav_url: str = Field(
        description="48 kHz, 24 bits, stereo. The address needs no key and cannot be guessed.",
        examples=[f"http://127.0.0.1:8000/media/3q2-7wXfT0yqkq1WcP8rGA/{CLIP_ID}.wav"],
    )


class WavAnswer(Answer):
    """The lossless file of a clip."""

    data: Wav


class Download(BaseModel):
    """Where the files are; null for a format that was not asked for."""

    mp3_url: str | None = Field(examples=[f"http://127.0.0.1:8000/media/{CLIP_ID}.mp3"])
    m4a_url: str | None = Field(examples=[None])
    wav_url: str | None = Field(examples=[f"http://127.0.0.1:8000/media/3q2-7wXfT0yqkq1WcP8rGA/{CLIP_ID}.wav"])
    flac_url: str | None = Field(examples=[None])
    opus_url: str | None = Field(examples=[None])
    mp3_320_url: str | None = Field(examples=[None])
    mp3_v0_url: str | None = Field(examples=[None])
    wav_16_url: str | None = Field(examples=[None])
    mp4_url: str | None = Field(examples=[None])


class DownloadAnswer(Answer):
    """The files of a clip."""

    data: Download


class Known(BaseModel):
    """How surely something is known, and by which method. Not of the original contract."""

    confidence: float = Field(
        1.0, description="0–1: 1 for songs that were written here, less for what was heard.", examples=[1.0]
    )
    method: str = Field(
        "written", description="`written`, or for an uploaded recording how it was heard.", examples=["written"]
    )


class NoteBody(BaseModel):
    """One note as it is performed."""

    start: float = Field(description="Seconds of the audio.", examples=[9.4526])
    end: float = Field(examples=[9.8941])
    pitch: int = Field(description="MIDI number, 0–127.", examples=[64])
    velocity: float = Field(description="0–1.", examples=[0.7087])


class InstrumentBody(Known):
    """One part and its notes."""

    name: str = Field(description="As the track of the MIDI file.", examples=["electric piano"])
    notes: list[NoteBody]


class Midi(BaseModel):
    """The notes of a clip."""

    midi_url: str = Field(
        description="A standard MIDI file that runs beside the audio.",
        examples=[f"http://127.0.0.1:8000/media/Zr5m1kVtS2eFhX0uYb9dLQ/{CLIP_ID}.mid"],
    )
    instruments: list[InstrumentBody]


class MidiAnswer(Answer):
    """The notes of a clip, as a file and as numbers."""

    data: Midi


class OtherTempo(BaseModel):
    """A tempo that may be meant as well."""

    bpm: float
    confidence: float


class Bpm(Known):
    """How fast a clip is, in quarter notes a minute."""

    avg_bpm: float = Field(examples=[96.0])
    max_bpm: float = Field(examples=[96.0])
    min_bpm: float = Field(examples=[92.5])
    alternatives: list[OtherTempo] = Field(
        [], description="Not of the original contract: of a recording, tempi that fit too, surest first.", examples=[[]]
    )


class BpmAnswer(Answer):
    """The tempo of a clip."""

    data: Bpm


class WordBody(BaseModel):
    """One word and what stands around it."""

    word: str = Field(
        description="With the spaces, line ends and section tags around it: all words together are the lyrics.",
        examples=["[Verse]\nPaper "],
    )
    start_s: float = Field(description="Seconds of the audio.", examples=[9.4526])
    end_s: float = Field(examples=[9.8941])
    success: bool = Field(description="Whether it is sung; the times of others are those of the gap.", examples=[True])
    p_align: float = Field(description="How certain the times are, 0–1.", examples=[1.0])


class Alignment(Known):
    """The words of a clip."""

    alignment: list[WordBody] = Field(
        description="Empty when nothing is sung, and of a recording that came without lyrics."
    )


class AlignmentAnswer(Answer):
    """The words of a clip and when they are sung."""

    data: Alignment


class Vox(Known):
    """A stretch of singing set apart."""

    vox_audio_id: str = Field(examples=["5c2d1c0e-4f0f-4a27-8d5e-0a3f7b7b9d11"])
    status: str = Field("complete", examples=["complete"])
    source_clip_id: str = Field(examples=[CLIP_ID])
    vocal_start_s: float = Field(examples=[28.6])
    vocal_end_s: float = Field(examples=[58.6])
    wave_response: None = Field(None, description="Always null: the contract does not say what it holds.")


class VoxAnswer(Answer):
    """A stretch of singing, to be sung like."""

    data: Vox


class Upsampled(BaseModel):
    """Tags told in full."""

    upsampled_tags: str = Field(
        examples=["lo-fi, rainy evening. Calm. Electric piano, upright bass, soft drums, 78 bpm. Soft vocals."]
    )


class UpsampledAnswer(Answer):
    """Tags told in full."""

    data: Upsampled


class SheetBody(BaseModel):
    """Lyrics and their title."""

    title: str = Field(examples=["All the Way to the Sea"])
    lyrics: str = Field(examples=["[Verse 1]\nWe left the town with the radio on\n…"])


class LyricsAnswer(Answer):
    """Lyrics to choose from; the field is `results`, not `data`."""

    results: list[SheetBody]
