"""The slt voice: festival writes context labels, hts_engine turns them into mel-cepstra.

Festival gets every word of the line under a made-up name whose lexicon entry is exactly the score's syllables, so
the labels carry real word, syllable and stress context and festival never guesses a pronunciation. hts_engine is run
once for each line because its global-variance step (Toda & Tokuda 2007) looks at a whole utterance: read together,
lines would change one another.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from descant.perform.voice.errors import EngineFailedError, MissingProgramError, PronunciationError
from descant.perform.voice.phones import CLASS, PhoneClass
from descant.perform.voice.sources.process import find_program, run
from descant.perform.voice.spoken import LineText, SpokenLine

VOICE_FILE = Path("/usr/share/festival/voices/us/cmu_us_slt_arctic_hts/hts/cmu_us_slt_arctic_hts.htsvoice")
ORDER, ALPHA, RATE = 44, 0.45, 32000
SPEECH_RATE = 0.85
"""Slower than talk: vowels come nearer to their targets before they are held on notes."""

_UNITS_PER_FRAME = 50_000
"""Label times count 100 ns."""

_PRELUDE = """\
(voice_cmu_us_slt_arctic_hts)
(set! phrase_cart_tree '((n.name is 0) ((BB)) ((NB))))
(Parameter.set 'Phrase_Method 'cart_tree)
(define (write_labels words file)
  (let ((utt (eval (list 'Utterance 'Words words))))
    (Initialize utt) (POS utt) (Phrasify utt) (Word utt) (Pauses utt) (Intonation utt) (PostLex utt)
    (Duration utt) (Int_Targets utt)
    (hts_dump_feats utt hts_feats_list file)))
"""


def _script(lines: Sequence[LineText]) -> str:
    text = [_PRELUDE]
    for number, line in enumerate(lines):
        names = []
        for place, word in enumerate(line.words):
            names.append(f"w{number}x{place}")
            syllables = " ".join(f"(({' '.join(s.phones)}) {int(s.stressed)})" for s in word)
            text.append(f'(lex.add.entry \'("{names[-1]}" nn ({syllables})))\n')
        text.append(f'(write_labels \'({" ".join(names)}) "{number}.lab")\n')
    return "".join(text)


def _read(folder: Path, number: int, line: LineText) -> SpokenLine:
    try:
        durations = (folder / f"{number}.dur").read_text().splitlines()
        cepstra = np.fromfile(folder / f"{number}.mgc", np.float32).reshape(-1, ORDER + 1)
        log_pitch = np.fromfile(folder / f"{number}.lf0", np.float32)
    except (OSError, ValueError) as error:
        raise EngineFailedError(f"hts_engine left an unreadable line: {error}") from error
    phones, starts, stops = [], [], []
    for row in durations:
        begin, end, label = row.split(maxsplit=2)
        name = label.split("-", 1)[1].split("+", 1)[0]
        if CLASS.get(name) is not PhoneClass.SILENCE:
            phones.append(name)
            starts.append(int(begin) // _UNITS_PER_FRAME)
            stops.append(int(end) // _UNITS_PER_FRAME)
    if tuple(phones) != line.phones:
        raise PronunciationError(f"festival spoke {' '.join(phones)!r} instead of {' '.join(line.phones)!r}")
    voiced = log_pitch > 0
    cents = 1200 * (np.where(voiced, log_pitch, 0) / np.log(2) - np.log2(440)) + 6900
    pitch = np.where(voiced, cents, 0).astype(np.float32)
    begin_end = np.array(starts, np.int32), np.array(stops, np.int32)
    return SpokenLine(tuple(phones), *begin_end, cepstra, pitch, ALPHA, RATE)


class HtsSource:
    """English, female: the CMU slt voice (Edinburgh/CMU/NITech permissive licence)."""

    name = "hts:slt:1"

    def speak(self, lines: Sequence[LineText]) -> list[SpokenLine]:
        """Return each line as spoken; see :class:`~descant.perform.voice.sources.Source`."""
        festival = find_program("festival", "festival festlex-cmu festlex-poslex")
        engine = find_program("hts_engine", "htsengine")
        if not VOICE_FILE.is_file():
            raise MissingProgramError(f"the voice {VOICE_FILE} is not installed; apt install festvox-us-slt-hts")
        with tempfile.TemporaryDirectory(prefix="descant-hts-") as name:
            folder = Path(name)
            (folder / "lines.scm").write_text(_script(lines))
            run([festival, "-b", "lines.scm"], folder)
            for number in range(len(lines)):
                self._synthesise(engine, folder, number)
            return [_read(folder, number, line) for number, line in enumerate(lines)]

    def _synthesise(self, engine: str, folder: Path, number: int) -> None:
        """Run hts_engine on one line's labels.

        The sampling rate is a tenth of the voice's, with frames still 5 ms: only the waveform, which is not used,
        becomes coarser (and ten times cheaper); spectra are the same bytes.
        """
        if not (folder / f"{number}.lab").is_file():
            raise EngineFailedError("festival wrote no labels; are festlex-cmu and festlex-poslex installed?")
        outputs = ["-od", f"{number}.dur", "-om", f"{number}.mgc", "-of", f"{number}.lf0"]
        coarse = ["-s", str(RATE // 10), "-p", "16", "-r", str(SPEECH_RATE)]
        run([engine, "-m", str(VOICE_FILE), *coarse, *outputs, f"{number}.lab"], folder)
