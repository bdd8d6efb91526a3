"""What was asked for: the request, freed of HTTP."""

import msgspec

from descant.song.persona import Persona


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a user said about one song, with the seed of this take.

    Attributes
    ----------
    seed : 0 ≤ seed < ``streams.SEED_LIMIT``; the same brief and seed give the same bytes.
    lyrics : the words to sing, with section tags; empty when they are to be written (or for an instrumental).
    description : one line about the song, from which words and style are written when given.
    title : given title or "" to have one found.
    tags, negative_tags : style text, comma separated, as the user wrote it.
    instrumental : no voice.
    vocal_gender : "f", "m" or None for the style's choice.
    style_weight, weirdness : 0–1; pull of the tags, and how far from the ordinary.
    max_seconds : longest allowed song.
    persona : who is to sing; None lets the tags and the style choose.
    model : the model name asked for, echoed in the song's metadata.
    """

    seed: int
    lyrics: str = ""
    description: str = ""
    title: str = ""
    tags: str = ""
    negative_tags: str = ""
    instrumental: bool = False
    vocal_gender: str | None = None
    style_weight: float = 0.5
    weirdness: float = 0.3
    max_seconds: float = 240.0
    persona: Persona | None = None
    model: str = "sonic-v5"
