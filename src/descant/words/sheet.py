"""Small documents this room hands out besides the nouns of ``descant.song``."""

import msgspec


class Sheet(msgspec.Struct, frozen=True):
    """Written lyrics: a title and the words with section tags."""

    title: str
    text: str


class Subject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a song is about, read from a description.

    Attributes
    ----------
    text : the description as given.
    title : a title quoted in it, or "".
    themes : names of theme banks, best first; empty when none was recognised.
    thing : the short phrase the story opens with ("a lonely astronaut", "leaving my hometown"), or "".
    person : who is spoken of: "you", "we", "I", "she", "he", "they" or "" when it does not say.
    name : a person or thing addressed by name, or "".
    place, time : where and when it happens, as written ("the harbour", "midnight"), or "".
    turn : what comes after a "but", or "".
    """

    text: str = ""
    title: str = ""
    themes: tuple[str, ...] = ()
    thing: str = ""
    person: str = ""
    name: str = ""
    place: str = ""
    time: str = ""
    turn: str = ""
