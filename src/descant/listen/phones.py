"""The sounds of all languages as phones of English, which the aligner's acoustic model knows.

The table is ``arpabet.toml``, checked when it is read.
"""

import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from descant.words.data import words_of

ARPABET = frozenset(
    words_of("AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH")
)
"""The phones of the CMU dictionary."""

MARKS = "ːʲʰʱ"
"""Letters that mark the sound before them; combining marks are taken off as such."""


def arpabet(phones: Sequence[str], language: str) -> tuple[str, ...]:
    """Return the phones of a syllable or a word as ARPAbet.

    Parameters
    ----------
    phones : as :class:`~descant.song.lyrics.Syllable` has them.
    language : BCP 47 code of their line; English has symbols of its own.

    Raises
    ------
    KeyError : for a sound the table does not have.
    """
    table = _table()["english" if language.split("-")[0] == "en" else "ipa"]
    return tuple(symbol for phone in phones for symbol in table[_plain(phone)])


def _plain(phone: str) -> str:
    letters = unicodedata.normalize("NFD", phone)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in MARKS)
    return "ç" if phone.startswith("ç") else bare


@cache
def _table() -> dict[str, dict[str, tuple[str, ...]]]:
    data = tomllib.loads(files("descant.listen").joinpath("arpabet.toml").read_text(encoding="utf-8"))
    read = {name: {sound: tuple(said.split()) for sound, said in entries.items()} for name, entries in data.items()}
    unknown = {symbol for entries in read.values() for said in entries.values() for symbol in said} - ARPABET
    if set(read) != {"english", "ipa"} or unknown:
        raise ValueError(f"arpabet.toml: needs tables english and ipa, with ARPAbet alone; unknown: {sorted(unknown)}")
    return read
