"""Bodies of ``upload``, ``upload-extend`` and ``upload-cover`` (contract/sonic.md §3)."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from descant.api.sonic.examples import CLIP_ID, UPLOAD, UPLOAD_COVER, UPLOAD_EXTEND
from descant.api.sonic.fields import Share, StrictBody
from descant.api.sonic.wishes import PROMPT_MAX, TITLE_MAX, ModelName, WishBody, need_brief, need_words
from descant.service.requests import UploadAndCover, UploadAndExtend, UploadRecording
from descant.service.uploads.naming import LONGEST_URL
from descant.song.orders import FAITHFULNESS

LANGUAGE_MAX = 35
"""Longest name of a language (BCP 47, RFC 5646 §4.4.1)."""

RecordingUrl = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_URL,
        description="Where the recording is: a direct link to a sound or video file on the public internet.",
        examples=[UPLOAD["url"]],
    ),
]

Title = Annotated[str | None, Field(max_length=TITLE_MAX, description="Left out: found in the name of the file.")]
Lyrics = Annotated[
    str | None,
    Field(
        max_length=PROMPT_MAX,
        description="Not of the original contract: the words that are sung in the recording, for `aligned-lyrics`.",
    ),
]
Language = Annotated[
    str | None,
    Field(max_length=LANGUAGE_MAX, description="Their language, such as `es`. Left out: recognised.", examples=["es"]),
]


class About(StrictBody):
    """What may be said of a recording."""

    title: Title = None
    lyrics: Lyrics = None
    language: Language = None

    def told(self) -> dict[str, Any]:
        """Return it as the service takes it."""
        return {"title": self.title or "", "lyrics": self.lyrics or "", "language": self.language or ""}


class UploadRequest(About):
    """A recording at a URL."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOAD]})

    url: RecordingUrl


class Uploaded(BaseModel):
    """A recording is a clip now."""

    code: int = Field(200, examples=[200])
    clip_id: str = Field(examples=[CLIP_ID])
    message: str = Field("success", examples=["success"])


class OnRecordingBody(WishBody):
    """A song to be made from a recording that is sent along: the mode and the model must be named."""

    url: RecordingUrl
    custom_mode: Annotated[
        bool,
        Field(description="`true`: `prompt` holds your own lyrics. `false`: `gpt_description_prompt` is sung of."),
    ]
    mv: Annotated[
        ModelName, Field(description="The model; it sets the limits of `prompt` and `tags` and the longest song.")
    ]

    def recording(self) -> UploadRecording:
        """Return the recording as the service takes it."""
        return UploadRecording(url=self.url, included=True)


class UploadExtendRequest(OnRecordingBody):
    """What is to follow a recording."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOAD_EXTEND]})

    continue_at: Annotated[
        float, Field(gt=0, allow_inf_nan=False, description="Where to go on, in seconds of the recording.")
    ]

    auto_concat: Annotated[
        bool | None,
        Field(
            description="Whether each song is the whole: the recording up to where it is left, and what follows. Then "
            "`data[].extended` holds what follows alone. Left out: what follows alone."
        ),
    ] = None

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        need_words(self)
        return self

    def wanted(self) -> UploadAndExtend:
        """Return the request as the service takes it."""
        return UploadAndExtend(
            **self.wishes(),
            recording=self.recording(),
            continue_at=self.continue_at,
            auto_concat=bool(self.auto_concat),
        )


class UploadCoverRequest(OnRecordingBody):
    """A recording to be covered."""

    model_config = ConfigDict(json_schema_extra={"examples": [UPLOAD_COVER]})

    audio_weight: Annotated[
        Share | None, Field(description=f"How near the cover stays to the recording, 0–1. Left out: {FAITHFULNESS}.")
    ] = None

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        need_brief(self)
        return self

    def wanted(self) -> UploadAndCover:
        """Return the request as the service takes it."""
        return UploadAndCover(**self.wishes(), recording=self.recording(), audio_weight=self.audio_weight)
