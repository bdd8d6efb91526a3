"""``POST /api/v1/sonic/persona``: keep a singer (contract/sonic.md §4); ``/api/v1/personas``: those that were kept."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.sonic.examples import CLIP_ID, PERSONA, PERSONA_ID
from descant.api.sonic.fields import Identifier, PageBefore, Seconds, StrictBody, rule
from descant.api.state import Rules
from descant.service.clips.clips import MOST_LISTED
from descant.service.personas.body import persona_body
from descant.service.personas.personas import CreatePersona

NAME_MAX = 80
DESCRIPTION_MAX = 200
STYLES_MAX = 1_000
"""Longest texts of a persona (contract/errors.md §3); that of ``styles`` is as long as tags may be."""

PAGE = 20

router = APIRouter(route_class=GuardedRoute, tags=["Personas"], dependencies=[Depends(scheme)])


class PersonaRequest(StrictBody):
    """A singer to be kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [PERSONA]})

    name: Annotated[str, Field(max_length=NAME_MAX, examples=["Harbour voice"])]
    clip_id: Annotated[Identifier | None, Field(description="Whose singing to keep; required.", examples=[CLIP_ID])] = (
        None
    )
    continue_clip_id: Annotated[Identifier | None, Field(description="The older name of `clip_id`.")] = None
    describe: Annotated[
        str | None, Field(max_length=DESCRIPTION_MAX, description="For people.", examples=["Warm, a little tired"])
    ] = None
    description: Annotated[
        str | None, Field(max_length=DESCRIPTION_MAX, description="The older name of `describe`.")
    ] = None
    styles: Annotated[
        str | None,
        Field(max_length=STYLES_MAX, description="Style where a song names none. Left out: that of the clip."),
    ] = None
    vox_audio_id: Annotated[
        Identifier | None, Field(description="A stretch of the clip's singing, from `POST /sonic/vox`.")
    ] = None
    vocal_start_s: Annotated[
        Seconds | None, Field(description="Where the stretch begins; with `vox_audio_id` as it answered.")
    ] = None
    vocal_end_s: Annotated[Seconds | None, Field(description="Where the stretch ends.")] = None

    @model_validator(mode="after")
    def _names_a_clip(self) -> Self:
        if not self.name.strip():
            raise rule("'name' is empty, but must say what the persona is called.")
        if not (self.clip_id or self.continue_clip_id):
            raise rule("'clip_id' (or 'continue_clip_id', its older name) is required beside 'name'.")
        if self.clip_id and self.continue_clip_id and self.clip_id != self.continue_clip_id:
            raise rule("'clip_id' and 'continue_clip_id' are two names of one field, but name different clips.")
        return self

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.vocal_end_s is not None and self.vocal_end_s <= (self.vocal_start_s or 0):
            raise rule(f"'vocal_end_s' is {self.vocal_end_s:g}, but must be later than 'vocal_start_s'.")
        return self

    def wanted(self) -> CreatePersona:
        """Return the request as the service takes it."""
        return CreatePersona(
            name=self.name,
            clip_id=self.clip_id or self.continue_clip_id or "",
            description=self.describe or self.description or "",
            styles=self.styles or "",
            vox_audio_id=self.vox_audio_id,
            vocal_start_s=self.vocal_start_s,
            vocal_end_s=self.vocal_end_s,
        )


class PersonaCreated(BaseModel):
    """A singer was kept."""

    code: int = Field(200, examples=[200])
    persona_id: str = Field(examples=[PERSONA_ID])
    message: str = Field("success", examples=["success"])


class PersonaBody(BaseModel):
    """A singer that was kept."""

    persona_id: str = Field(examples=[PERSONA_ID])
    name: str = Field(examples=["Harbour voice"])
    description: str = Field(examples=["Warm, a little tired"])
    styles: str = Field(examples=["folk, dreamy"])
    clip_id: str = Field(description="Whose singing it is.", examples=[CLIP_ID])
    created_at: str = Field(description="UTC, ISO 8601 with milliseconds.", examples=["2026-01-31T18:04:05.678Z"])


class PersonasBody(BaseModel):
    """Some personas, newest first."""

    code: int = 200
    data: list[PersonaBody]
    next: str | None = None
    message: str = "success"


class OnePersonaBody(BaseModel):
    """One persona."""

    code: int = 200
    data: PersonaBody
    message: str = "success"


@router.post(
    "/api/v1/sonic/persona",
    summary="Keep a singer",
    operation_id="create_persona",
    response_description="The persona.",
    responses=documented(400, 401, 403, 413, 500),
)
def create_persona(request: PersonaRequest, caller: Caller, service: Rules) -> PersonaCreated:
    """Keep who sings in a clip, to sing new songs with `persona_music`; 1 credit.

    A persona has the voice, the range, the delivery and the style of its clip. With a stretch of singing it is whoever
    sings most there.
    """
    return PersonaCreated(persona_id=service.personas.create(caller, request.wanted()).id)


@router.get(
    "/api/v1/personas",
    summary="List your personas",
    operation_id="list_personas",
    response_description="The personas, newest first.",
    responses=documented(400, 401, 404, 500),
)
def list_personas(
    caller: Caller,
    service: Rules,
    page_size: Annotated[int, Query(ge=1, le=MOST_LISTED, description=f"1 to {MOST_LISTED}.")] = PAGE,
    before: PageBefore = None,
) -> PersonasBody:
    """Return your personas, newest first; free. Not of the original contract.

    Ask for the page after with `before` set to `next`, which is null on the last page.
    """
    page = service.personas.list(caller, size=page_size, before=before)
    return PersonasBody.model_validate({"data": [persona_body(each) for each in page.personas], "next": page.next})


@router.get(
    "/api/v1/personas/{persona_id}",
    summary="Read a persona",
    operation_id="read_persona",
    response_description="The persona.",
    responses=documented(401, 404, 500),
)
def read_persona(persona_id: str, caller: Caller, service: Rules) -> OnePersonaBody:
    """Return one persona; free. Not of the original contract."""
    return OnePersonaBody.model_validate({"data": persona_body(service.personas.read(caller, persona_id))})


@router.delete(
    "/api/v1/personas/{persona_id}",
    summary="Forget a persona",
    operation_id="delete_persona",
    response_description="The persona, as it was.",
    responses=documented(401, 404, 500),
)
def delete_persona(persona_id: str, caller: Caller, service: Rules) -> OnePersonaBody:
    """Forget a persona; free. Songs asked of it before are made all the same. Not of the original contract."""
    return OnePersonaBody.model_validate({"data": persona_body(service.personas.delete(caller, persona_id))})
