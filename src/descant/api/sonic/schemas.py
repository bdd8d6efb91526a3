"""Bodies of the sonic family: what a create request may hold, and what a clip shows (contract/sonic.md §1.2, §2)."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from descant.api.errors import show
from descant.api.sonic.examples import TASK
from descant.api.sonic.fields import Identifier, Seconds, Share, rule
from descant.api.sonic.kinds import DEFAULT, KINDS
from descant.api.sonic.wishes import WishBody, canonical
from descant.song.orders import FAITHFULNESS, VARIATION, Variation

VARIED = "sonic-v5"
"""The model that knows more than one way to remaster (contract/sonic.md §1.2)."""


TaskType = Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
"""The name of a task type."""


class CreateRequest(WishBody):
    """A task to be done. Strict: a wrong JSON type is refused, unknown fields are ignored, `null` is not sent."""

    task_type: Annotated[
        TaskType | None,
        Field(description="What to make, one of the list above; leaving it out means `create_music`."),
    ] = None
    continue_clip_id: Annotated[
        Identifier | None,
        Field(
            description="The clip to start from: for `extend_music`, `cover_music` and `remaster`; for `concat_music` "
            "the clip that `extend_music` returned; for the others an uploaded recording."
        ),
    ] = None
    continue_at: Annotated[
        float | None,
        Field(gt=0, allow_inf_nan=False, description="Where `extend_music` goes on, in seconds of the clip."),
    ] = None
    audio_weight: Annotated[
        Share | None,
        Field(
            description="How near a cover stays to its clip, and what is added to a recording to what is heard there, "
            f"0–1. Left out: {FAITHFULNESS}."
        ),
    ] = None
    persona_id: Annotated[
        Identifier | None, Field(description="Who sings in `persona_music`, from `POST /sonic/persona`.")
    ] = None
    variation_category: Annotated[
        Variation | None,
        Field(
            description="How much `remaster` makes anew, on `sonic-v5` only: `subtle` the mix, `normal` the "
            f"performance too, `high` the arrangement too; of a recording, how far its sound is changed. Left out: "
            f"`{VARIATION}`."
        ),
    ] = None
    auto_concat: Annotated[
        bool | None,
        Field(
            description="Whether `extend_music` and `extend_upload_music` also join each extension to what it extends; "
            "see `data[].full`."
        ),
    ] = None
    overpainting_start_s: Annotated[
        Seconds | None,
        Field(description="Where `add_vocals` and `add_instrumental` begin to add. Left out: at the clip's start."),
    ] = None
    overpainting_end_s: Annotated[
        Seconds | None, Field(description="Where they end; later than the start. Left out: at the clip's end.")
    ] = None
    use_suno_cdn: Annotated[bool | None, Field(description="Accepted for old clients; changes nothing.")] = None

    @property
    def kind(self) -> str:
        """The task type, named or not."""
        return self.task_type or DEFAULT

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        """Refuse a task type that is none before anything else is looked at."""
        kind = data.get("task_type") if isinstance(data, dict) else None
        if isinstance(kind, str) and kind not in KINDS:
            raise rule(f"'task_type' is {show(kind)}, but must be one of {', '.join(KINDS)}.")
        return data

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        kind = KINDS[self.kind]
        for field in kind.needs:
            value = getattr(self, field)
            if value is None or (isinstance(value, str) and not value.strip()):
                raise rule(f"'{field}' is required for '{self.kind}'.")
        if kind.words is not None:
            kind.words(self)
        return self

    @model_validator(mode="after")
    def _varies_where_it_can(self) -> Self:
        if self.kind == "remaster" and self.variation_category and canonical(self.mv or "") != VARIED:
            raise rule(f"'variation_category' is known on {VARIED} only; leave it out on {self.mv}.")
        return self

    @model_validator(mode="after")
    def _window_opens_before_it_closes(self) -> Self:
        start, end = self.overpainting_start_s, self.overpainting_end_s
        if end is not None and end <= (start or 0):
            raise rule(f"'overpainting_end_s' is {show(end)}, but must be later than 'overpainting_start_s'.")
        return self


class Created(BaseModel):
    """A task was taken in, and paid for."""

    code: int = Field(200, examples=[200])
    task_id: str = Field(examples=["6f6cdb1e-6a0b-4a57-9d9f-0d1f4a2b7c11"])
    message: str = Field("success", examples=["success"])


class ClipBody(BaseModel):
    """One of a task's songs or stems, as far as it has come."""

    clip_id: str
    state: Literal["pending", "running", "succeeded", "failed"]
    title: str
    tags: str
    lyrics: str
    image_url: str = Field(description="JPEG cover; empty until the song succeeded.")
    audio_url: str = Field(description="MP3; empty until the song succeeded.")
    video_url: str | None = Field(
        description="MP4 with the waveform and the words; null until `POST /sonic/download` made one."
    )
    created_at: str = Field(description="UTC, ISO 8601 with milliseconds.")
    mv: str
    gpt_description_prompt: str | None
    duration: str | None = Field(description="Seconds as a decimal string; null until the song succeeded.")
    negative_tags: str | None
    style_weight: float | None
    weirdness_constraint: float | None
    error_message: str | None = Field(description="Why a song failed, or that it was deleted; null otherwise.")
    progress: float = Field(description="Not of the original contract: how far the song has come, 0–1.")
    seed: int = Field(description="Not of the original contract: the seed of this song.")
    stem: str | None = Field(description="Not of the original contract: which stem this clip is; null for a song.")
    stems: list[str] = Field(
        description="Not of the original contract: the stems that the song can be taken apart into; empty for a clip "
        "that is a stem, and until the song succeeded."
    )
    empty_stems: list[str] = Field(
        description="Not of the original contract: which of the twelve stems hold nothing in this song; of those no "
        "file is made."
    )
    recording: bool = Field(
        description="Not of the original contract: whether the clip is a recording that was uploaded."
    )
    parent_clip_id: str | None = Field(
        description="Not of the original contract: the clip this one is made from, the first where there are several."
    )
    joined_at: float | None = Field(
        description="Not of the original contract: for an extension, where in the clip it extends it begins, in "
        "seconds; also for versions of an extension with a section replaced or edited. Null until it succeeded, and "
        "for everything else."
    )


class ExtendedBody(ClipBody):
    """An extension and what it extends, joined (`auto_concat`): the fields are those of the whole song."""

    extended: ClipBody = Field(description="The extension alone, a clip of its own.")
    full: ClipBody | None = Field(description="The whole song; null until it succeeded.")


class ReplacedBody(ClipBody):
    """A song with a section replaced that was asked for with `auto_concat`."""

    replaced: ClipBody = Field(description="The song with the new section.")
    full: ClipBody | None = Field(description="The same song; null until it succeeded.")


SongBody = ExtendedBody | ReplacedBody | ClipBody
"""What is shown of a song, or with ``auto_concat`` of a pair (contract/sonic.md §2)."""


class TaskBody(BaseModel):
    """A task's songs, in an order that never changes."""

    model_config = ConfigDict(json_schema_extra={"examples": [TASK]})

    code: int = 200
    data: list[SongBody]
    message: str = "success"


class NotReady(BaseModel):
    """Nothing to show yet: ask again."""

    code: int = 202
    type: Literal["not_ready"] = "not_ready"
    error: str
    message: str
