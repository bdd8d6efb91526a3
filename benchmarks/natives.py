"""People who speak Italian, Russian and Japanese, as far as Debian and PyPI carry their recordings.

Words are said sound by sound by voices made of recordings: festvox-italp16k (a woman's diphones), festvox-ru (a man's
sentences) and Mei (a woman's averaged spectra). Where the package is not installed its language has no such ear.
"""

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks import singing
from descant.perform.voice.sources import mei

Phones = tuple[tuple[str, ...], ...]
Mono = NDArray[np.float32]

VOICES = {"it": ("italian/lp_diphone", "#"), "ru": ("russian/msu_ru_nsh_clunits", "pau")}
"""Festival's folder of each voice, and its silence."""

ITALIAN = {"ɛ": "E", "ɔ": "O", "ʃ": "S", "ʒ": "Z", "tʃ": "tS", "dʒ": "dZ", "ɲ": "J", "ŋ": "ng", "ʎ": "L", "ə": "e1"}
ITALIAN |= {"ɾ": "r", "e̯": "j", "o̯": "w", "aɪ": "a1 j", "aʊ": "a1 w", "eɪ": "e1 j"}
RUSSIAN = {"ɪ": "i", "ɐ": "a", "ə": "ae", "ʊ": "u", "ɨ": "y", "ʂ": "sh", "ʐ": "zh", "tɕ": "ch", "ɕː": "sch", "ts": "c"}
RUSSIAN |= {"x": "h", "o": "oo", "oʊ": "oo", "w": "v", "ʌ": "a"}
LENGTHENED = {"a": "aa", "e": "ee", "i": "ii", "o": "oo", "u": "uu", "ɨ": "yy"}
"""Russian vowels with stress are sounds of their own."""


def speaks(language: str) -> bool:
    """Say whether someone who speaks a language is installed."""
    if language == "ja":
        return mei.is_installed()
    return language in VOICES and Path("/usr/share/festival/voices", VOICES[language][0]).is_dir()


def said(words: Sequence[Phones], language: str) -> list[Mono]:
    """Return each word (the IPA of its syllables, stress on the first) as sound at 48 kHz."""
    with tempfile.TemporaryDirectory(prefix="descant-natives-") as name:
        folder = Path(name)
        if language == "ja":
            return [_mei(word, folder, number) for number, word in enumerate(words)]
        voice, silence = VOICES[language]
        script = [f"(voice_{Path(voice).name})"]
        for number, word in enumerate(words):
            sounds = " ".join([silence, *_festival(word, language), silence])
            script.append(f"(utt.save.wave (utt.synth (eval '(Utterance Phones ({sounds})))) \"{number}.wav\" 'riff)")
        (folder / "words.scm").write_text("\n".join(script))
        subprocess.run(["festival", "-b", "words.scm"], cwd=folder, check=True, capture_output=True, timeout=300)
        return [_read(folder / f"{number}.wav") for number in range(len(words))]


def _festival(word: Phones, language: str) -> list[str]:
    names = []
    for number, phones in enumerate(word):
        for phone in phones:
            if language == "it":
                plain = phone.rstrip("ː")
                name = ITALIAN.get(plain, plain)
                names.append(f"{name}1" if name in "aeiouEO" and number == 0 else name)
            else:
                soft, plain = "ʲ" in phone, phone.replace("ʲ", "")
                name = LENGTHENED.get(plain, "") if number == 0 else ""
                name = name or RUSSIAN.get(plain, plain)
                names.append(2 * name if soft and name not in ("ch", "sch", "j") else name)
    return " ".join(names).split()


def _mei(word: Phones, folder: Path, number: int) -> Mono:
    units = mei.units([phone for phones in word for phone in phones], 0)
    (folder / f"{number}.lab").write_text("\n".join(mei.labels([units])) + "\n")
    command = ["hts_engine", "-m", str(mei.voice_file()), "-ow", f"{number}.wav", "-r", "0.8", f"{number}.lab"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
    return _read(folder / f"{number}.wav")


def _read(path: Path) -> Mono:
    sound, rate = soundfile.read(path, dtype="float32")
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    whole: Mono = soxr.resample(sound[loud[0] : loud[-1] + 1], rate, singing.RATE)
    return whole
