"""Speaks lines with a flite voice; run as a program of its own, never imported by the service.

Usage: ``flite_worker.py VOICE LEXICON LINES OUTPUT STRETCH``. LEXICON is a flite addenda file, LINES holds one line
of made-up words a row. OUTPUT becomes one row of JSON a line: phones with their end times, then frames and channels,
followed in OUTPUT.f32 by the frames themselves (float32: pitch in Hz, then the mel-cepstrum). The parameters are taken
from inside flite's own statistical voices (Black 2006), before its vocoder: nothing has to be analysed again.
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import BinaryIO

Pointer = ctypes.c_void_p


class Track(ctypes.Structure):
    """flite's ``cst_track``: a sequence of parameter frames."""

    _fields_ = [
        ("type", Pointer),
        ("frames", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("times", Pointer),
        ("values", ctypes.POINTER(ctypes.POINTER(ctypes.c_float))),
    ]


def load(voice: str) -> tuple[ctypes.CDLL, int]:
    """Return (library, voice pointer), with the types of every function used declared."""
    flags = ctypes.RTLD_GLOBAL
    flite = ctypes.CDLL("libflite.so.1", mode=flags)
    for name in ("libflite_cmulex.so.1", "libflite_usenglish.so.1"):
        ctypes.CDLL(name, mode=flags)
    library = ctypes.CDLL(f"libflite_cmu_us_{voice}.so.1")
    text = ctypes.c_char_p
    for name, result, arguments in (
        ("flite_init", ctypes.c_int, []),
        ("flite_voice_add_lex_addenda", ctypes.c_int, [Pointer, text]),
        ("flite_synth_text", Pointer, [text, Pointer]),
        ("flite_feat_set_float", None, [Pointer, text, ctypes.c_float]),
        ("flite_feat_set_int", None, [Pointer, text, ctypes.c_int]),
        ("feat_val", Pointer, [Pointer, text]),
        ("val_track", Pointer, [Pointer]),
        ("val_cg_db", Pointer, [Pointer]),
        ("mlpg", ctypes.POINTER(Track), [Pointer, Pointer]),
        ("delete_track", None, [ctypes.POINTER(Track)]),
        ("delete_utterance", None, [Pointer]),
        ("utt_relation", Pointer, [Pointer, text]),
        ("relation_head", Pointer, [Pointer]),
        ("item_next", Pointer, [Pointer]),
        ("item_feat_string", text, [Pointer, text]),
        ("item_feat_float", ctypes.c_float, [Pointer, text]),
    ):
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    register = getattr(library, f"register_cmu_us_{voice}")
    register.restype, register.argtypes = Pointer, [text]
    flite.flite_init()
    return flite, int(register(None))


def second_pointer(struct: int) -> int:
    """Return the second pointer member of a struct: the features of a voice."""
    return int(ctypes.cast(struct, ctypes.POINTER(Pointer))[1] or 0)


def speak(flite: ctypes.CDLL, voice: int, line: str, values: BinaryIO) -> dict[str, object]:
    """Append one line's frames to the file ``values`` and return its row."""
    utterance = flite.flite_synth_text(line.encode(), voice)
    features = ctypes.cast(utterance, ctypes.POINTER(Pointer))[0]
    segments = []
    item = flite.relation_head(flite.utt_relation(utterance, b"Segment"))
    while item:
        segments.append((flite.item_feat_string(item, b"name").decode(), flite.item_feat_float(item, b"end")))
        item = flite.item_next(item)
    raw = flite.val_track(flite.feat_val(features, b"param_track"))
    smoothed = flite.mlpg(raw, flite.val_cg_db(flite.feat_val(features, b"cg_db")))
    track = smoothed.contents
    for i in range(track.frames):
        values.write(ctypes.string_at(track.values[i], 4 * track.channels))
    row = {"segments": segments, "frames": track.frames, "channels": track.channels}
    flite.delete_track(smoothed)
    flite.delete_utterance(utterance)
    return row


def main(voice: str, lexicon: str, lines: str, output: str, stretch: str) -> None:
    """Speak every row of the file ``lines``."""
    flite, pointer = load(voice)
    flite.flite_voice_add_lex_addenda(pointer, lexicon.encode())
    features = second_pointer(pointer)
    flite.flite_feat_set_float(features, b"duration_stretch", float(stretch))
    flite.flite_feat_set_int(features, b"mlsa_speed_param", 20)
    rows = Path(lines).read_text().splitlines()
    with Path(output).open("w") as report, Path(output + ".f32").open("wb") as values:
        for row in rows:
            report.write(json.dumps(speak(flite, pointer, row.strip(), values)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
