"""Speaks lines with espeak-ng; run as a program of its own, never imported by the service.

Usage: ``espeak_worker.py LINES OUTPUT``. LINES is JSON: {"rate": words a minute, "pitch": 0–99, "lines": [[voice,
phoneme mnemonics], ...]}. OUTPUT becomes one row of JSON a line: the program's sampling rate, its sounds with the
samples at which they begin, and the number of samples, which follow one another in OUTPUT.i16 (int16).

espeak-ng's own command line tells no times, so this program asks its library (GPL-3.0-or-later; the Apache licence of
this file allows the two to be used together) for the events of each sound. Every line is spoken by a fresh copy of the
process: the library keeps its noise and flutter from line to line.
"""

import ctypes
import json
import os
import sys
from pathlib import Path
from typing import Any

RETRIEVAL, PHONEME_EVENTS = 1, 1
"""Samples are handed back, and so is where each sound begins."""

UTF8, PHONEMES = 1, 0x100
PHONEME_EVENT = 7
RATE, PITCH, RANGE = 1, 3, 4


class _Name(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("letters", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique", ctypes.c_uint),
        ("text", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("id", _Name),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


def load() -> tuple[ctypes.CDLL, int]:
    """Return (library, sampling rate)."""
    library = ctypes.CDLL("libespeak-ng.so.1")
    unsigned = ctypes.c_uint
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, unsigned, ctypes.c_int, unsigned, unsigned, ctypes.c_void_p, ctypes.c_void_p
    ]  # fmt: skip
    rate = library.espeak_Initialize(RETRIEVAL, 0, None, PHONEME_EVENTS)
    if rate <= 0:
        raise SystemExit("espeak-ng found no data; install it with: apt install espeak-ng")
    return library, rate


def speak(library: ctypes.CDLL, voice: str, mnemonics: str, settings: dict[str, Any]) -> tuple[list[Any], bytes]:
    """Return the sounds of a line as (mnemonic, first sample) pairs, and its samples."""
    sounds: list[Any] = []
    samples = bytearray()

    def hear(wave: Any, count: int, events: Any) -> int:
        if wave and count:
            samples.extend(ctypes.string_at(wave, 2 * count))
        place = 0
        while events[place].type:
            if events[place].type == PHONEME_EVENT:
                sounds.append((events[place].id.letters.decode(errors="replace"), events[place].sample))
            place += 1
        return 0

    callback = _Callback(hear)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise SystemExit(f"espeak-ng has no voice {voice!r}")
    for parameter, value in ((RATE, settings["rate"]), (PITCH, settings["pitch"]), (RANGE, 0)):
        library.espeak_SetParameter(parameter, value, 0)
    text = f"[[{mnemonics}]]".encode()
    library.espeak_Synth(text, len(text) + 1, 0, 1, 0, UTF8 | PHONEMES, None, None)
    library.espeak_Synchronize()
    return sounds, bytes(samples)


def main(lines: str, output: str) -> None:
    """Speak every line of the file ``lines``."""
    settings = json.loads(Path(lines).read_text(encoding="utf-8"))
    Path(output).write_text("")
    Path(output + ".i16").write_bytes(b"")
    for voice, mnemonics in settings["lines"]:
        child = os.fork()
        if child == 0:
            library, rate = load()
            sounds, samples = speak(library, voice, mnemonics, settings)
            with Path(output).open("a") as report, Path(output + ".i16").open("ab") as sound:
                report.write(json.dumps({"rate": rate, "sounds": sounds, "samples": len(samples) // 2}) + "\n")
                sound.write(samples)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status != 0:
            raise SystemExit(f"espeak-ng could not speak {mnemonics!r} with the voice {voice!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
