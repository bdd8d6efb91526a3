"""Bodies of ``sample``, ``mashup`` and ``replace-section`` (contract/sonic.md §5)."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from descant.api.sonic.examples import CLIP_ID, MASHUP, REPLACE, SAMPLE, SECOND_CLIP_ID
from descant.api.sonic.fields import Identifier, Seconds, Share, rule
from descant.api.sonic.wishes import (
    PROMPT_MAX,
    TAGS_MAX,
    ModelName,
    StyleBody,
    WishBody,
    canonical,
    fit_model,
    need_brief,
    need_words,
)
from descant.service.requests import MashUp, ReplaceSection, SampleClip, UploadAndSample, UploadRecording
from descant.service.uploads.naming import LONGEST_URL

KEPT = "Accepted, and changes nothing: the new section is in the style of the clip."
"""Of fields of style where there is nothing to choose."""


class ReworkBody(WishBody):
    """A song to be written from others: the mode and the model must be named."""

    custom_mode: Annotated[
        bool,
        Field(description="`true`: `prompt` holds your own lyrics. `false`: `gpt_description_prompt` is sung of."),
    ]
    mv: Annotated[
        ModelName, Field(description="The model; it sets the limits of `prompt` and `tags` and the longest song.")
    ]
    audio_weight: Annotated[Share | None, Field(description="Accepted for old clients; changes nothing.")] = None


class SampleRequest(ReworkBody):
    """A song to be grown from a piece of a clip."""

    model_config = ConfigDict(json_schema_extra={"examples": [SAMPLE]})

    sample_clip_id: Annotated[
        Identifier | None, Field(description="The clip; or `url` in its place.", examples=[CLIP_ID])
    ] = None
    url: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=LONGEST_URL,
            description="Where a recording to be sampled is; it becomes a clip of its own, as with `upload-extend`.",
        ),
    ] = None
    chop_sample_start_s: Annotated[
        Seconds | None, Field(description="Where the piece begins, in seconds of the clip. Left out: at its start.")
    ] = None
    chop_sample_end_s: Annotated[
        Seconds | None, Field(description="Where it ends. Left out: 30 seconds later, or at the clip's end.")
    ] = None

    @model_validator(mode="after")
    def _names_a_clip(self) -> Self:
        if self.url is not None and self.sample_clip_id:
            raise rule("'url' and 'sample_clip_id' are both given, but only one of them can be sampled.")
        if self.url is None and not self.sample_clip_id:
            raise rule("'sample_clip_id' (or 'url') is required.")
        need_words(self)
        return self

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        end = self.chop_sample_end_s
        if end is not None and end <= (self.chop_sample_start_s or 0):
            raise rule(f"'chop_sample_end_s' is {end:g}, but must be later than 'chop_sample_start_s'.")
        return self

    def wanted(self) -> SampleClip | UploadAndSample:
        """Return the request as the service takes it."""
        if self.url is not None:
            return UploadAndSample(
                **self.wishes(),
                recording=UploadRecording(url=self.url, included=True),
                chop_sample_start_s=self.chop_sample_start_s,
                chop_sample_end_s=self.chop_sample_end_s,
            )
        return SampleClip(
            **self.wishes(),
            sample_clip_id=self.sample_clip_id or "",
            chop_sample_start_s=self.chop_sample_start_s,
            chop_sample_end_s=self.chop_sample_end_s,
        )


class MashupRequest(ReworkBody):
    """Two clips to be made into one song."""

    model_config = ConfigDict(json_schema_extra={"examples": [MASHUP]})

    mashup_clip_ids: Annotated[
        list[Identifier],
        Field(
            min_length=2,
            max_length=2,
            description="The clip whose voices are heard, then the clip whose band plays.",
            examples=[[CLIP_ID, SECOND_CLIP_ID]],
        ),
    ]

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        need_brief(self)
        return self

    def wanted(self) -> MashUp:
        """Return the request as the service takes it."""
        sung, played = self.mashup_clip_ids
        return MashUp(**self.wishes(), mashup_clip_ids=(sung, played))


class ReplaceRequest(StyleBody):
    """A stretch of a clip to be sung anew."""

    model_config = ConfigDict(json_schema_extra={"examples": [REPLACE]})

    clip_id: Annotated[Identifier, Field(description="A clip of a finished task.", examples=[CLIP_ID])]
    infill_start_s: Annotated[
        Seconds,
        Field(description="Where the new music begins, in seconds; it moves to the nearest boundary.", examples=[24]),
    ]
    infill_end_s: Annotated[Seconds, Field(description="Where it ends; after `infill_start_s`.", examples=[48])]
    infill_lyrics: Annotated[
        str,
        Field(
            max_length=PROMPT_MAX,
            description="The new words; at most 3,000 characters on `sonic-v3-5` and `sonic-v4`, else 5,000.",
            examples=["Lanterns lean across the water\nNobody is asked to stay"],
        ),
    ]
    prompt: Annotated[
        str | None,
        Field(
            max_length=PROMPT_MAX,
            description="The words around it: accepted, and not needed, as the server knows what the clip sings.",
        ),
    ] = None
    mv: Annotated[ModelName | None, Field(description="Left out: the model of the clip.")] = None
    tags: Annotated[str | None, Field(max_length=TAGS_MAX, description=KEPT)] = None
    negative_tags: Annotated[str | None, Field(description=KEPT)] = None
    style_weight: Annotated[Share | None, Field(description=KEPT)] = None
    weirdness_constraint: Annotated[Share | None, Field(description=KEPT)] = None
    auto_concat: Annotated[
        bool | None,
        Field(description="The song is whole anyway; with this it is also shown as a pair of `replaced` and `full`."),
    ] = None
    vocal_gender: Annotated[
        Literal["f", "m"] | None,
        Field(description="Who sings the words where nobody sings in the clip; otherwise it is the clip's singer."),
    ] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.infill_end_s <= self.infill_start_s:
            raise rule(f"'infill_end_s' is {self.infill_end_s:g}, but must be later than 'infill_start_s'.")
        if not self.infill_lyrics.strip():
            raise rule("'infill_lyrics' is empty, but must hold the new words.")
        fit_model(self.mv, infill_lyrics=self.infill_lyrics, prompt=self.prompt, tags=self.tags)
        return self

    def wanted(self) -> ReplaceSection:
        """Return the request as the service takes it."""
        return ReplaceSection(
            **self.style(canonical(self.mv or "")),
            clip_id=self.clip_id,
            infill_start_s=self.infill_start_s,
            infill_end_s=self.infill_end_s,
            infill_lyrics=self.infill_lyrics,
            auto_concat=bool(self.auto_concat),
        )
