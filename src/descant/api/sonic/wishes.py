"""What a song can be wished to be: the fields that all requests for new songs share (contract/sonic.md §1.2)."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from descant.api.sonic.fields import Seed, Share, StrictBody, one_of, rule
from descant.service.models import MODELS
from descant.service.webhooks.webhooks import Webhook

ALIASES = {name.replace("sonic-", "chirp-", 1): name for name in MODELS}
"""The sister hosts' spelling of the models, which their clients send."""

PROMPT_MAX = max(model.prompt_limit for model in MODELS.values())
TAGS_MAX = max(model.tags_limit for model in MODELS.values())
DESCRIPTION_MAX = 400
TITLE_MAX = 80
WEBHOOK_URL_MAX = 1024
WEBHOOK_SECRET_MAX = 1024

ModelName = Annotated[str, one_of("mv", (*MODELS, *ALIASES)), Field(json_schema_extra={"enum": [*MODELS, *ALIASES]})]
"""A model in either spelling."""


def canonical(mv: str) -> str:
    """Return the name a model has here, in whichever spelling it came."""
    return ALIASES.get(mv, mv)


class WebhookBody(StrictBody):
    """Whom to tell of the end of a task."""

    webhook_url: Annotated[
        str | None,
        Field(
            max_length=WEBHOOK_URL_MAX,
            description="Where to POST the task's body when all its clips have ended; http or https on the public "
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

    def webhook(self) -> Webhook | None:
        """Return whom to tell when the clips have ended, if anyone is named."""
        return Webhook(self.webhook_url, self.webhook_secret or "") if self.webhook_url else None


class SeededBody(WebhookBody):
    """A request whose songs can be made again."""

    seed: Annotated[
        Seed | None,
        Field(
            description="Not of the original contract: the same request with the same seed gives the same songs. "
            "Left out: drawn, and shown on each clip.",
        ),
    ] = None


class StyleBody(SeededBody):
    """How a song is to be called and to sound."""

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
    vocal_gender: Annotated[
        Literal["f", "m"] | None,
        Field(description="The lead voice. From `sonic-v4-5` on; older models ignore it."),
    ] = None
    style_weight: Annotated[Share | None, Field(description="How strongly `tags` pull, 0–1.")] = None
    weirdness_constraint: Annotated[Share | None, Field(description="How far from the ordinary, 0–1.")] = None

    def style(self, mv: str) -> dict[str, Any]:
        """Return the fields as the service takes them, for the model ``mv`` (canonical, or "" for a source's)."""
        model = MODELS.get(mv)
        return {
            "mv": mv,
            "title": self.title or "",
            "tags": self.tags or "",
            "negative_tags": self.negative_tags or "",
            "vocal_gender": self.vocal_gender if model is None or model.vocal_gender else None,
            "style_weight": self.style_weight,
            "weirdness_constraint": self.weirdness_constraint,
            "seed": self.seed,
        }


class WishBody(StyleBody):
    """A song to be written."""

    custom_mode: Annotated[
        bool | None,
        Field(description="`true`: `prompt` holds your own lyrics. `false`: `gpt_description_prompt` is sung of."),
    ] = None
    mv: Annotated[
        ModelName | None,
        Field(description="The model; it sets the limits of `prompt` and `tags` and the longest song."),
    ] = None
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
    make_instrumental: Annotated[bool | None, Field(description="No voice; `prompt` is not needed.")] = None
    auto_lyrics: Annotated[
        bool | None,
        Field(
            description="With `custom_mode: true`: write the lyrics from `prompt`; fill in title and tags if missing."
        ),
    ] = None

    @model_validator(mode="after")
    def _fits_model(self) -> Self:
        """Check the limits that depend on the model."""
        fit_model(self.mv, prompt=self.prompt, tags=self.tags)
        return self

    def wishes(self) -> dict[str, Any]:
        """Return the fields as the service takes them: canonical model name, nothing None that has a default."""
        return self.style(canonical(self.mv or "")) | {
            "custom_mode": bool(self.custom_mode),
            "prompt": self.prompt or "",
            "gpt_description_prompt": self.gpt_description_prompt or "",
            "make_instrumental": bool(self.make_instrumental),
            # Description mode writes its lyrics anyway, and an instrumental has none to write.
            "auto_lyrics": bool(self.auto_lyrics and self.custom_mode and not self.make_instrumental),
        }


def fit_model(mv: str | None, **texts: str | None) -> None:
    """Raise a fault when one of ``texts`` (by the name of its field) is longer than the model ``mv`` allows."""
    model = MODELS.get(canonical(mv or ""))
    for field, text in texts.items():
        limit = 0 if model is None else model.tags_limit if field == "tags" else model.prompt_limit
        if model is not None and text is not None and len(text) > limit:
            raise rule(f"'{field}' is {len(text):,} characters long, but may be at most {limit:,} on {mv}.")


def need_description(body: WishBody) -> None:
    """Raise a fault when a song is to be made of a description that is not there."""
    if not body.custom_mode and not (body.gpt_description_prompt or "").strip():
        raise rule("'gpt_description_prompt' is required when 'custom_mode' is false.")


def need_brief(body: WishBody) -> None:
    """Raise a fault when a song that may keep its source's words is to have others written of nothing."""
    need_description(body)
    if body.custom_mode and body.auto_lyrics and not body.make_instrumental and not (body.prompt or "").strip():
        raise rule("'prompt' (a brief for the lyrics) is required with 'auto_lyrics'.")


def need_words(body: WishBody) -> None:
    """Raise a fault when the words are missing that the mode is to take (the truth table of contract/sonic.md §1.2)."""
    need_description(body)
    if body.custom_mode and not body.make_instrumental and not (body.prompt or "").strip():
        what = "a brief for the lyrics" if body.auto_lyrics else "the lyrics"
        raise rule(f"'prompt' ({what}) is required when 'custom_mode' is true and 'make_instrumental' is not.")
