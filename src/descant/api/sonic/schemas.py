"""Bodies of the sonic family: what a create request may hold, and what a clip shows (contract/sonic.md §1.2, §2)."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from descant.api.errors import show
from descant.api.sonic.examples import TASK
from descant.api.sonic.fields import Identifier, Seconds, Seed, Share, StrictBody, one_of, rule
from descant.service.models import MODELS

MADE = ("create_music",)
"""Task types this version makes."""

DOCUMENTED = (
    *MADE,
    "extend_music",
    "cover_music",
    "concat_music",
    "persona_music",
    "remaster",
    "add_instrumental",
    "add_vocals",
    "extend_upload_music",
    "cover_upload_music",
)
"""Task types of contract/sonic.md §1.1."""

ALIASES = {name.replace("sonic-", "chirp-", 1): name for name in MODELS}
"""The sister hosts' spelling of the models, which their clients send."""

PROMPT_MAX = max(model.prompt_limit for model in MODELS.values())
TAGS_MAX = max(model.tags_limit for model in MODELS.values())
DESCRIPTION_MAX = 400
TITLE_MAX = 80
WEBHOOK_URL_MAX = 1024
WEBHOOK_SECRET_MAX = 1024


class CreateRequest(StrictBody):
    """A song to be made. Strict: a wrong JSON type is refused, unknown fields are ignored, `null` is not sent."""

    task_type: Annotated[
        str | None,
        Field(
            description="What to make; leaving it out means `create_music`. The other documented types are recognised "
            "and refused until they are built.",
            json_schema_extra={"examples": list(MADE)},
        ),
    ] = None
    custom_mode: Annotated[
        bool, Field(description="`true`: `prompt` holds your own lyrics. `false`: `gpt_description_prompt` is sung of.")
    ]
    mv: Annotated[
        str,
        one_of("mv", (*MODELS, *ALIASES)),
        Field(
            description="The model; it sets the limits of `prompt` and `tags` and the longest song.",
            json_schema_extra={"enum": [*MODELS, *ALIASES]},
        ),
    ]
    prompt: Annotated[
        str | None,
        Field(
            max_length=PROMPT_MAX,
            description="Lyrics with section tags such as `[Verse]` and `[Chorus]`; with `auto_lyrics` what the lyrics "
            "are to be about. Required with `custom_mode: true` unless `make_instrumental`. At most 3,000 characters "
            "on `sonic-v3-5` and `sonic-v4`, 5,000 on later models.",
        ),
    ] = None
    gpt_description_prompt: Annotated[
        str | None,
        Field(max_length=DESCRIPTION_MAX, description="The song in a line. Required with `custom_mode: false`."),
    ] = None
    title: Annotated[str | None, Field(max_length=TITLE_MAX, description="Left out: found in the words.")] = None
    tags: Annotated[
        str | None,
        Field(
            max_length=TAGS_MAX,
            description="Style, separated by commas: genre, mood, instruments, voice, `120 bpm`, `in D minor`. At most "
            "200 characters on `sonic-v3-5` and `sonic-v4`, 1,000 on later models.",
        ),
    ] = None
    negative_tags: Annotated[str | None, Field(description="What to keep out, in the same form as `tags`.")] = None
    make_instrumental: Annotated[bool | None, Field(description="No voice; `prompt` is not needed.")] = None
    auto_lyrics: Annotated[
        bool | None,
        Field(
            description="With `custom_mode: true`: write the lyrics from `prompt`; fill in title and tags if missing."
        ),
    ] = None
    vocal_gender: Annotated[
        Literal["f", "m"] | None,
        Field(description="The lead voice. From `sonic-v4-5` on; older models ignore it."),
    ] = None
    style_weight: Annotated[Share | None, Field(description="How strongly `tags` pull, 0–1.")] = None
    weirdness_constraint: Annotated[Share | None, Field(description="How far from the ordinary, 0–1.")] = None
    seed: Annotated[
        Seed | None,
        Field(
            description="Not of the original contract: the same request with the same seed gives the same two songs. "
            "Left out: drawn, and shown on each clip.",
        ),
    ] = None
    webhook_url: Annotated[
        str | None,
        Field(
            max_length=WEBHOOK_URL_MAX,
            description="Where to POST the task's body when both songs have ended; http or https on the public "
            "internet. See `docs/api.md` for headers, signature and retries.",
        ),
    ] = None
    webhook_secret: Annotated[
        str | None,
        Field(
            max_length=WEBHOOK_SECRET_MAX,
            description="What webhooks are signed with. Left out: the server signs with a secret of its own.",
        ),
    ] = None
    audio_weight: Annotated[Share | None, Field(description="For task types that start from audio.")] = None
    continue_clip_id: Annotated[Identifier | None, Field(description="For task types that start from a clip.")] = None
    continue_at: Annotated[
        float | None, Field(gt=0, allow_inf_nan=False, description="Seconds; for task types that extend a clip.")
    ] = None
    persona_id: Annotated[Identifier | None, Field(description="For `persona_music`.")] = None
    variation_category: Annotated[Literal["subtle", "normal", "high"] | None, Field(description="For `remaster`.")] = (
        None
    )
    overpainting_start_s: Annotated[Seconds | None, Field(description="For `add_vocals`, `add_instrumental`.")] = None
    overpainting_end_s: Annotated[Seconds | None, Field(description="Later than `overpainting_start_s`.")] = None
    use_suno_cdn: Annotated[bool | None, Field(description="Accepted for old clients; changes nothing.")] = None

    @model_validator(mode="before")
    @classmethod
    def _made(cls, data: Any) -> Any:
        """Refuse a task type before the fields it would need are missed."""
        kind = data.get("task_type") if isinstance(data, dict) else None
        if isinstance(kind, str) and kind not in MADE:
            reason = "is not made by this server yet" if kind in DOCUMENTED else "is not a task type"
            raise rule(f"'task_type' is {show(kind)}, which {reason}; allowed now: {', '.join(MADE)}.")
        return data

    @model_validator(mode="after")
    def _fits_model(self) -> Self:
        """Check the limits that depend on the model."""
        model = MODELS[ALIASES.get(self.mv, self.mv)]
        for field, value, limit in (
            ("prompt", self.prompt, model.prompt_limit),
            ("tags", self.tags, model.tags_limit),
        ):
            if value is not None and len(value) > limit:
                raise rule(f"'{field}' is {len(value):,} characters long, but may be at most {limit:,} on {self.mv}.")
        return self

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        """Hold the mode truth table of contract/sonic.md §1.2."""
        if not self.custom_mode:
            if not (self.gpt_description_prompt or "").strip():
                raise rule("'gpt_description_prompt' is required when 'custom_mode' is false.")
        elif not self.make_instrumental and not (self.prompt or "").strip():
            what = "a brief for the lyrics" if self.auto_lyrics else "the lyrics"
            raise rule(f"'prompt' ({what}) is required when 'custom_mode' is true and 'make_instrumental' is not.")
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
    video_url: str | None = Field(description="Always null: no video is made.")
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
    parent_clip_id: str | None = Field(description="Not of the original contract: the clip this one was made from.")


class TaskBody(BaseModel):
    """A task's songs, in an order that never changes."""

    model_config = ConfigDict(json_schema_extra={"examples": [TASK]})

    code: int = 200
    data: list[ClipBody]
    message: str = "success"


class NotReady(BaseModel):
    """Nothing to show yet: ask again."""

    code: int = 202
    type: Literal["not_ready"] = "not_ready"
    error: str
    message: str
