"""The use cases of personas: make one of a clip's singing, list, read and remove them."""

from dataclasses import dataclass
from uuid import uuid4

import msgspec

from descant.engines.personas import persona_of
from descant.engines.protocol import CannotMake
from descant.service import identifiers, wording
from descant.service.clips import access
from descant.service.clips.access import Library
from descant.service.credits import ledger
from descant.service.errors import Invalid, NotFound
from descant.song.persona import Persona
from descant.storage import clips, personas
from descant.storage.database import Database, Transaction
from descant.storage.objects import Objects
from descant.storage.records import AccountRecord, ClipRecord, PersonaRecord, now

PERSONA = "sonic.persona"

NEAR = 0.01
"""Seconds by which a window that is sent again may miss the one that was set apart: what rounding costs."""


@dataclass(frozen=True, kw_only=True)
class CreatePersona:
    """A singer to be kept: under which name, from which clip, singing in which styles ("" for the clip's).

    ``vox_audio_id`` names a stretch that was set apart; ``vocal_start_s`` and ``vocal_end_s`` are a stretch in seconds.
    """

    name: str
    clip_id: str
    description: str = ""
    styles: str = ""
    vox_audio_id: str | None = None
    vocal_start_s: float | None = None
    vocal_end_s: float | None = None


@dataclass(frozen=True)
class Page:
    """Some of an account's personas, newest first. ``next`` is the id to ask for the page after with, or None."""

    personas: tuple[PersonaRecord, ...]
    next: str | None


class Personas:
    """The use cases of personas."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._library = Library(database, objects)

    def create(self, account: AccountRecord, request: CreatePersona) -> PersonaRecord:
        """Keep the singer of a clip.

        Raises
        ------
        NotFound : when the account has no such clip, or no such stretch of singing.
        Invalid : when the clip cannot be worked with, or nobody sings in it.
        Refused : when its name or its styles hold words that may not be sung.
        OutOfCredits : when the balance does not cover the price.
        """
        wording.check(request.name, request.styles)
        clip, song = self._library.song(account, request.clip_id)
        window = self._window(account, clip, request)
        try:
            singer = persona_of(song, window, request.styles)
        except CannotMake as error:
            raise Invalid(f"No persona can be made of the clip {clip.id!r}: {error}.") from error
        persona = PersonaRecord(
            id=str(uuid4()),
            account_id=account.id,
            name=request.name,
            description=request.description,
            styles=request.styles,
            clip_id=clip.id,
            singer=msgspec.json.encode(singer).decode(),
            created_at=now(),
        )
        with self._database.transaction() as tx:
            personas.add(tx, persona)
            ledger.spend(tx, account.id, PERSONA)
        return persona

    def list(self, account: AccountRecord, *, size: int, before: str | None = None) -> Page:
        """Return up to ``size`` personas of the account, those older than ``before``; raises as :meth:`read`."""
        with self._database.reading() as tx:
            last = None if before is None else owned(tx, account, before)
            found = personas.of_account(tx, account.id, limit=size + 1, before=last)
        return Page(found[:size], found[size - 1].id if len(found) > size else None)

    def read(self, account: AccountRecord, persona_id: str) -> PersonaRecord:
        """Return a persona of the account; raise NotFound when it has none of that id."""
        with self._database.reading() as tx:
            return owned(tx, account, persona_id)

    def delete(self, account: AccountRecord, persona_id: str) -> PersonaRecord:
        """Forget a persona; songs asked of it before are made all the same. Raises NotFound as :meth:`read`."""
        with self._database.transaction() as tx:
            persona = owned(tx, account, persona_id)
            personas.remove(tx, persona_id)
        return persona

    def _window(self, account: AccountRecord, clip: ClipRecord, request: CreatePersona) -> tuple[float, float] | None:
        """Return the stretch of singing a persona is taken from, or None for the whole clip."""
        start, stop = request.vocal_start_s, request.vocal_end_s
        if request.vox_audio_id is None:
            if start is None and stop is None:
                return None
            end = clip.duration or 0.0 if stop is None else stop
            return access.window(clip, ("vocal_start_s", start or 0.0), ("vocal_end_s", end))
        known = request.vox_audio_id if identifiers.possible(request.vox_audio_id) else ""
        with self._database.reading() as tx:
            apart = clips.voice_window(tx, known)
        if apart is None or apart.account_id != account.id or apart.clip_id != clip.id:
            raise Invalid(f"'vox_audio_id' is {known!r}, but must be what 'vox' answered for the clip {clip.id!r}.")
        for field, asked, set_apart in (("vocal_start_s", start, apart.start), ("vocal_end_s", stop, apart.stop)):
            if asked is not None and abs(asked - set_apart) > NEAR:
                raise Invalid(f"{field!r} is {asked:g}, but 'vox' set {apart.start:g} to {apart.stop:g} seconds apart.")
        return apart.start, apart.stop


def owned(tx: Transaction, account: AccountRecord, persona_id: str) -> PersonaRecord:
    """Return a persona of the account; raise NotFound for another's, which is as unknown as none."""
    persona = personas.read(tx, persona_id) if identifiers.possible(persona_id) else None
    if persona is None or persona.account_id != account.id:
        raise NotFound("persona", identifiers.shown(persona_id))
    return persona


def singer(tx: Transaction, account: AccountRecord, persona_id: str) -> Persona:
    """Return who sings when a persona of the account does; raises as :func:`owned`."""
    return msgspec.json.decode(owned(tx, account, persona_id).singer, type=Persona)
