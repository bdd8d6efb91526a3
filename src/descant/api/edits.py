"""``POST /api/v1/clips/{clip_id}/edits``: change a song's score and have it performed again. Not of the contract."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, model_validator

from descant.api.auth import Caller, GuardedRoute, scheme
from descant.api.errors import documented
from descant.api.rates import limit_creates
from descant.api.sonic.examples import EDITS
from descant.api.sonic.fields import StrictBody, rule
from descant.api.sonic.schemas import Created
from descant.api.sonic.wishes import SeededBody
from descant.api.state import Rules
from descant.service.requests import EditScore, SectionChange, WrittenNote

EDITS_MAX = 50
NOTES_MAX = 500
CHORDS_MAX = 1_000
LYRICS_MAX = 3_000
"""Most edits of a request, notes of a melody, and characters of a section's chords and lyrics."""

BEATS_MAX = 4_096
"""Latest beat of a section that a note may name: far beyond any section there is."""

router = APIRouter(route_class=GuardedRoute, tags=["Clips"], dependencies=[Depends(scheme)])

Beats = Annotated[float, Field(ge=0, le=BEATS_MAX, allow_inf_nan=False)]


class MelodyNoteBody(StrictBody):
    """A note of a melody, in beats (quarter notes) from the section's start."""

    start: Annotated[Beats, Field(examples=[0])]
    duration: Annotated[float, Field(gt=0, le=BEATS_MAX, allow_inf_nan=False, examples=[1.5])]
    pitch: Annotated[int, Field(ge=0, le=127, description="MIDI number.", examples=[67])]


class SectionEditBody(StrictBody):
    """What to change in one section; what is left out stays as it is."""

    section: Annotated[
        int, Field(ge=0, description="Its place among the `sections` of the score, from 0.", examples=[1])
    ]
    chords: Annotated[
        str | None,
        Field(
            max_length=CHORDS_MAX,
            description="A bar between two bar lines; the chords of a bar share it evenly. Repeated or cut to fill the "
            "section.",
            examples=["C | Am F | G"],
        ),
    ] = None
    melody: Annotated[
        list[MelodyNoteBody] | None,
        Field(min_length=1, max_length=NOTES_MAX, description="The notes the lead sings, one at a time."),
    ] = None
    lyrics: Annotated[
        str | None,
        Field(
            max_length=LYRICS_MAX,
            description="The words, sung to the section's melody as far as syllables allow.",
            examples=["Lanterns lean across the water"],
        ),
    ] = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.chords is None and self.melody is None and self.lyrics is None:
            raise rule(f"The edit of section {self.section} changes nothing; give 'chords', 'melody' or 'lyrics'.")
        for field in ("chords", "lyrics"):
            value = getattr(self, field)
            if value is not None and not value.strip():
                raise rule(f"'{field}' of section {self.section} is empty; leave it out to keep what is there.")
        return self

    def wanted(self) -> SectionChange:
        """Return the edit as the service takes it."""
        notes = None if self.melody is None else tuple(WrittenNote(**note.model_dump()) for note in self.melody)
        return SectionChange(section=self.section, chords=self.chords, melody=notes, lyrics=self.lyrics)


class EditsRequest(SeededBody):
    """Changes in the score of a clip."""

    model_config = ConfigDict(json_schema_extra={"examples": [EDITS]})

    edits: Annotated[
        list[SectionEditBody],
        Field(min_length=1, max_length=EDITS_MAX, examples=[[{"section": 0, "chords": "C | Am F | G"}]]),
    ]


@router.post(
    "/api/v1/clips/{clip_id}/edits",
    summary="Edit the score",
    operation_id="edit_score",
    response_description="The task is taken in and paid for.",
    dependencies=[Depends(limit_creates)],
    responses=documented(400, 401, 403, 404, 413, 429, 500),
)
def edit_score(clip_id: str, request: EditsRequest, caller: Caller, service: Rules) -> Created:
    """Take in a task of one clip: the song with other chords, melody or words in some sections; 5 credits.

    `GET /api/v1/clips/{clip_id}/score` shows the sections. What is not changed is kept as it is heard; without `seed`
    what is performed again is performed as it was.
    """
    edits = tuple(edit.wanted() for edit in request.edits)
    wanted = EditScore(clip_id=clip_id, edits=edits, seed=request.seed)
    return Created(task_id=service.tasks.create(caller, wanted, request.webhook()).id)
