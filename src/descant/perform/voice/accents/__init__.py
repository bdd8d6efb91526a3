"""Any language with voices that learned English: how each sound of the IPA is spelled in English phones and bent.

A vowel is sung on the English vowel whose first formants, as the source has them, lie nearest, and its formants are
then moved to where the language's vowel has them (:mod:`~descant.perform.voice.accents.bending`). Consonants become
the nearest English sound or two, with a hiss moved up or down, a length or a trill where that brings them nearer.
What remains of the difference is the singer's accent.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import msgspec
import numpy as np

from descant.perform.voice.errors import PronunciationError
from descant.perform.voice.phones import CLASS, PhoneClass, is_vowel, nucleus, speakable

NASAL_TAIL = ("ng", 0.05, -6.0)
"""A nasal vowel ends in a short soft (dB) nasal: phone, seconds, level."""

_TILDE, _SYLLABIC, _UNSYLLABIC = "\u0303", ("\u0329", "\u030d"), "\u032f"
_LENGTHENED = 1.7
"""A long consonant against a short one; 1.5–3 in Italian and Japanese (Ladefoged & Maddieson 1996, ch. 3)."""

_OFFGLIDES = {"ʲ": ("y", 0.045), "ʷ": ("w", 0.045), "ʱ": ("hh", 0.04)}
_VOWELS = ("iy", "ih", "eh", "ae", "aa", "ao", "ah", "uh", "uw")


@dataclass(frozen=True)
class Accent:
    """How a phone is sung otherwise than its source says it.

    Attributes
    ----------
    formants : (Hz where it is to be heard, Hz where the source has it on average), rising; at the source's own size.
    shift : factor on all frequencies, for hisses.
    slope : dB an octave above 2 kHz, for hisses made further back.
    longest : seconds a consonant may last, or 0 for the bounds of its kind.
    stretch : factor on a consonant's length and bounds.
    level : dB added.
    trilled : broken by the closures of a trill.
    """

    formants: tuple[tuple[float, float], ...] = ()
    shift: float = 1.0
    slope: float = 0.0
    longest: float = 0.0
    stretch: float = 1.0
    level: float = 0.0
    trilled: bool = False

    @property
    def bent(self) -> bool:
        """Whether the spectrum changes."""
        return bool(self.formants) or self.shift != 1.0 or self.slope != 0.0 or self.level != 0.0


PLAIN = Accent()
"""A phone as the source says it."""


@dataclass(frozen=True)
class Spelling:
    """A syllable in a source's phones: one accent a phone, and the index of the phone that carries the note.

    ``native`` are the language's own sounds, one a phone, for sources that speak it; ``phones`` then name the English
    sounds that are held, shortened and voiced like them.
    """

    phones: tuple[str, ...]
    accents: tuple[Accent, ...]
    nucleus: int
    native: tuple[str, ...] = ()


class _Sound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    say: str
    longest: float = 0.0
    shift: float = 1.0
    slope: float = 0.0
    level: float = 0.0
    formants: tuple[float, float, float] | None = None
    trilled: bool = False
    stretch: float = 1.0


_Sounds = dict[str, tuple[_Sound, ...]]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    vowels: dict[str, tuple[float, float, float]]
    consonants: _Sounds
    diphthongs: dict[str, str]
    languages: dict[str, _Sounds]


@lru_cache(maxsize=8192)
def spell(phones: tuple[str, ...], language: str, source: str) -> Spelling:
    """Return how a syllable is sung.

    Parameters
    ----------
    phones : CMU phones when ``language`` is English, else IPA, one symbol a phone.
    language : BCP 47 code of the line.
    source : as a voice file names it, e.g. "hts:slt".

    Raises
    ------
    PronunciationError : when a phone is no sound of the set.
    """
    code = language.split("-")[0]
    if code == "en":
        plain = speakable(phones)
        return Spelling(plain, tuple(_american(phone, source) for phone in plain), nucleus(plain))
    spelled: list[tuple[str, Accent]] = []
    carrier = -1
    for phone in phones:
        parts, carries = _spelled(phone, code, source)
        if carries and carrier < 0:
            carrier = len(spelled)
        spelled.extend(parts)
    if carrier < 0:
        carrier = len(spelled)
        spelled.extend(_vowel("ə", source))
    return Spelling(tuple(name for name, _ in spelled), tuple(accent for _, accent in spelled), carrier)


LONGEST_TAP = 0.06
"""Seconds: what is longer is a stop, which only an English source has to shorten against its aspiration."""

_AFFRICATES: dict[tuple[str, ...], str] = {("t", "s"): "ch", ("d", "z"): "jh", ("p", "f"): "ch"}
"""Stops that open into a hiss, in English phones, and the English affricate that is timed like them."""


@lru_cache(maxsize=8192)
def spell_natively(phones: tuple[str, ...], language: str) -> Spelling:
    """Return how a syllable is sung by a source that speaks its language: as it says it, in the timing of its kind.

    Parameters
    ----------
    phones : IPA, one symbol a phone. language : BCP 47 code of the line.

    Raises
    ------
    PronunciationError : when a phone is no sound of the set.
    """
    names: list[str] = []
    accents: list[Accent] = []
    native: list[str] = []
    carrier = -1
    for phone in phones:
        parts, carries = _spelled(phone, language.split("-")[0], "hts:slt")
        if not parts:
            continue
        said = tuple(name for name, _ in parts)
        first = parts[0][1]
        if carries and carrier < 0:
            carrier = len(names)
        names.append(_AFFRICATES.get(said[:2], said[0]))
        held = is_vowel(said[0])
        shut = CLASS[names[-1]] in (PhoneClass.STOP, PhoneClass.AFFRICATE)
        longest = 0.0 if shut and (first.longest > LONGEST_TAP or len(parts) > 1) else first.longest
        timed = Accent(longest=longest, stretch=first.stretch, trilled=first.trilled)
        accents.append(PLAIN if held else timed)
        native.append(phone)
    if carrier < 0:
        carrier = len(names)
        names, accents, native = [*names, "ax"], [*accents, PLAIN], [*native, "ə"]
    return Spelling(tuple(names), tuple(accents), carrier, tuple(native))


@lru_cache(maxsize=4096)
def _spelled(phone: str, language: str, source: str) -> tuple[tuple[tuple[str, Accent], ...], bool]:
    """Return the (phone, accent) pairs of one IPA symbol, and whether it makes a syllable."""
    table = _table()
    written = unicodedata.normalize("NFC", phone.replace("\u0361", "").replace("\u035c", ""))
    if written in table.diphthongs:
        return ((table.diphthongs[written], PLAIN),), True
    base, marks = _parsed(written)
    if base in table.vowels:
        parts = _vowel(base, source)
        if _TILDE in marks:
            name, longest, level = NASAL_TAIL
            parts += ((name, Accent(longest=longest, level=level)),)
        return parts, _UNSYLLABIC not in marks
    own = table.languages.get(language, {})
    sounds = next((t[key] for key in (written, base + ("ʰ" if "ʰ" in marks else ""), base)
                   for t in (own, table.consonants) if key in t), None)  # fmt: skip
    if sounds is None:
        raise PronunciationError(f"{phone!r} is not a sound of the International Phonetic Alphabet that voices know")
    stretch = _LENGTHENED if "ː" in marks else 1.0
    parts = tuple(_consonant(sound, source, stretch) for sound in sounds)
    for mark, (glide, longest) in _OFFGLIDES.items():
        if mark in marks and (not parts or parts[-1][0] != glide):
            parts += ((glide, Accent(longest=longest)),)
    return parts, any(mark in marks for mark in _SYLLABIC)


def _parsed(phone: str) -> tuple[str, frozenset[str]]:
    """Split a symbol into its letters and its marks; "ç" is a letter."""
    if phone in _table().consonants:
        return phone, frozenset("ʰ" if phone.endswith("ʰ") else "")
    letters, marks = "", set()
    for character in phone:
        apart = character if character == "ç" else unicodedata.normalize("NFD", character)
        for sign in apart:
            if unicodedata.combining(sign) or unicodedata.category(sign) in ("Lm", "Sk"):
                marks.add(sign)
            else:
                letters += sign
    return letters, frozenset(marks)


@lru_cache(maxsize=1024)
def _vowel(symbol: str, source: str) -> tuple[tuple[str, Accent], ...]:
    """Return the source's nearest vowel, and how it is bent."""
    own, tract = _formants(source)
    target = np.array(_table().vowels[symbol]) * tract
    far = {name: np.abs(np.log(target / own[name])) for name in _VOWELS}
    name = min(_VOWELS, key=lambda vowel: float(far[vowel] @ (1.0, 2.0, 0.5)))
    return ((name, Accent(_pairs(target, own[name]))),)


def _consonant(sound: _Sound, source: str, stretch: float) -> tuple[str, Accent]:
    pairs: tuple[tuple[float, float], ...] = ()
    if sound.formants is not None:
        own, tract = _formants(source)
        pairs = _pairs(np.array(sound.formants) * tract, own[sound.say])
    return sound.say, Accent(
        pairs, sound.shift, sound.slope, sound.longest, stretch * sound.stretch, sound.level, sound.trilled
    )


def _pairs(heard: np.ndarray, has: np.ndarray) -> tuple[tuple[float, float], ...]:
    return tuple((round(float(a), 1), round(float(b), 1)) for a, b in zip(heard, has, strict=True))


@lru_cache(maxsize=1024)
def _american(phone: str, source: str) -> Accent:
    """Return how an English phone is bent that the source says with an accent of its own (``english.toml``)."""
    wanted = _english().get(source, {}).get(phone)
    return Accent(_pairs(np.array(wanted), _formants(source)[0][phone])) if wanted else PLAIN


@cache
def _english() -> dict[str, dict[str, tuple[float, float, float]]]:
    """Return the table of English sounds said with an accent.

    Raises
    ------
    PronunciationError : when the file does not fit the schema.
    """
    try:
        rows = tomllib.loads(_path("english.toml").read_text(encoding="utf-8"))
        return msgspec.convert(rows, dict[str, dict[str, tuple[float, float, float]]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PronunciationError(f"accents/english.toml is not right: {error}") from error


@cache
def _table() -> _Table:
    """Return the table of sounds.

    Raises
    ------
    PronunciationError : when the file does not fit the schema or names a phone the sources lack.
    """
    try:
        table = msgspec.convert(tomllib.loads(_path("ipa.toml").read_text(encoding="utf-8")), _Table)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PronunciationError(f"accents/ipa.toml is not right: {error}") from error
    sets = (table.consonants, *table.languages.values())
    said = {sound.say for sounds in sets for entry in sounds.values() for sound in entry}
    unknown = sorted((said | set(table.diphthongs.values())) - set(CLASS))
    if unknown:
        raise PronunciationError(f"accents/ipa.toml uses phones that no source has: {' '.join(unknown)}")
    return table


@cache
def _formants(source: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return the measured formants of a source's phones, and its vocal tract's factors on a man's formants."""
    known = tomllib.loads(_path("formants.toml").read_text(encoding="utf-8"))
    if source not in known:
        raise PronunciationError(f"no formants were measured for {source!r}; known: {', '.join(sorted(known))}")
    rows = {name: np.array(values, np.float64) for name, values in known[source].items()}
    return rows, rows.pop("tract")


def _path(name: str) -> Path:
    return Path(__file__).with_name(name)
