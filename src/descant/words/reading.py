"""From the brief's words to lyrics and wishes: reads what was given and writes what was not."""

import msgspec

from descant.song.brief import Brief
from descant.song.lyrics import Lyrics
from descant.song.streams import derive_seed
from descant.song.wish import Wish
from descant.words import description, languages, lyrics, tags, titles, writer
from descant.words.languages.naming import mentioned
from descant.words.sheet import Sheet, Subject

INSTRUMENTAL_MARKER = "[Instrumental]"


class Reading(msgspec.Struct, frozen=True):
    """A brief understood: the lyrics (no sections for an instrumental), their text as shown, the wish, the title."""

    lyrics: Lyrics
    text: str
    wish: Wish
    title: str


def read(brief: Brief) -> Reading:
    """Return the lyrics, style wish and title of a brief.

    Raises
    ------
    NothingToSingError : when the lyrics hold nothing that can be sung.
    """
    wish = tags.read(brief.tags, brief.negative_tags)
    described, subject = description.read(brief.description or brief.title or brief.tags)
    if brief.description:
        wish = merge(wish, described)
    if brief.persona is not None and not wish.genres:
        wish = merge(wish, tags.read(brief.persona.tags))
    if brief.title:
        subject = msgspec.structs.replace(subject, title=brief.title)
    if brief.instrumental or (wish.instrumental and not brief.lyrics.strip()):
        title = brief.title or _write(brief, subject, wish).title
        return Reading(Lyrics(sections=(), title=title), INSTRUMENTAL_MARKER, wish, title)
    text, title = brief.lyrics, brief.title
    if not text.strip():
        sheet = _write(brief, subject, wish)
        text, title = sheet.text, brief.title or sheet.title
    asked = wish.language or mentioned(brief.description)[0]
    parsed = lyrics.parse(text, title=title, language=asked if brief.lyrics.strip() else "en")
    title = title or titles.find(parsed, brief.seed)
    notes = parsed.notes
    if asked not in {"", "en"} and not brief.lyrics.strip():
        notes += (f"words are written in English only; give lyrics to have them sung in {_name(asked)}",)
    return Reading(msgspec.structs.replace(parsed, title=title, notes=notes), text, wish, title)


def _name(code: str) -> str:
    return languages.language(code).names[0].title()


def _write(brief: Brief, subject: Subject, wish: Wish) -> Sheet:
    return writer.write(subject, wish, derive_seed(brief.seed, "lyrics"), max_seconds=brief.max_seconds)


def merge(first: Wish, second: Wish) -> Wish:
    """Return both wishes as one; where they disagree the first, the user's explicit tags, wins."""
    default = Wish()
    joined: dict[str, object] = {}
    for field in Wish.__struct_fields__:
        mine, theirs = getattr(first, field), getattr(second, field)
        if isinstance(mine, tuple) and field != "genres":
            joined[field] = mine + tuple(item for item in theirs if item not in mine)
        else:
            joined[field] = mine if mine != getattr(default, field) else theirs
    return Wish(**joined)  # type: ignore[arg-type]
