import itertools

import msgspec
import numpy as np
import pytest
import pyworld
from numpy.typing import NDArray
from scipy import signal
from tests.perform.voice.conftest import phrase, score_of

from descant.perform.voice import ensemble, pitch, singer, store, voices
from descant.perform.voice.timing import BURST
from descant.song.score import Role, Score, SungNote

RATE = 48_000


def sing(score: Score, start: float = 0.0, stop: float = 8.0, seed: int = 1) -> NDArray[np.float32]:
    return singer.render(score.vocals[0], score, seed, int(start * RATE), int(stop * RATE))


def level(sound: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-20))


def test_every_voice_sings_its_notes_within_a_few_cents() -> None:
    for voice in voices.names():
        centre = voices.load(voice).range.centre
        score = score_of(phrase("follow home", [centre, centre + 2, centre - 3], last=3.0), voice=voice)
        sound = sing(score, stop=4.0)[:, 0].astype(np.float64)[::2].copy()
        pitch, times = pyworld.dio(sound, RATE // 2, f0_floor=60, f0_ceil=900)
        pitch = pyworld.stonemask(sound, pitch, times, RATE // 2)
        for note in score.vocals[0].phrases[0].notes:
            start, stop = score.performed(note)
            inside = (times > start + 0.1) & (times < stop - 0.15) & (pitch > 0)
            cents = 1200 * np.log2(pitch[inside] / 440) + 6900 - 100 * note.pitch
            assert abs(np.median(cents)) < 8, (voice, note)


def test_a_window_is_sample_identical_to_the_same_window_of_the_whole(two_phrases: Score) -> None:
    whole = sing(two_phrases)
    singer.forget()
    assert np.array_equal(sing(two_phrases, 1.1, 5.7), whole[int(1.1 * RATE) : int(5.7 * RATE)])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_take(two_phrases: Score) -> None:
    first = sing(two_phrases)
    singer.forget()
    assert sing(two_phrases).tobytes() == first.tobytes()
    assert not np.array_equal(sing(two_phrases, seed=2), first)


def test_changing_one_phrase_leaves_the_samples_of_the_other(two_phrases: Score) -> None:
    part = two_phrases.vocals[0]
    other = phrase("street home", [72, 71], start=8.0, breath=0.25)
    changed = score_of(part.phrases[0], other)
    assert np.array_equal(sing(changed, 0, 4.0), sing(two_phrases, 0, 4.0))


def test_rests_are_silent(two_phrases: Score) -> None:
    sound = sing(two_phrases)
    ended = two_phrases.performed(two_phrases.vocals[0].phrases[0].notes[-1])[1] + 0.35
    assert not np.any(sound[int(ended * RATE) : int((ended + 0.3) * RATE)])
    assert not np.any(sound[: int(0.15 * RATE)])


def test_a_breath_is_heard_softly_before_its_phrase(two_phrases: Score) -> None:
    start = two_phrases.performed(two_phrases.vocals[0].phrases[1].notes[0])[0]
    sound = sing(two_phrases)
    breath = level(sound[int((start - 0.55) * RATE) : int((start - 0.33) * RATE)])
    assert -75 < breath < level(sound[int(start * RATE) : int((start + 0.5) * RATE)]) - 15


@pytest.mark.parametrize("voice", voices.names())
def test_a_vowel_at_velocity_100_is_near_minus_20_dbfs(voice: str) -> None:
    centre = voices.load(voice).range.centre
    score = score_of(phrase("follow home", [centre, centre + 4, centre - 5], length=2.0), voice=voice)
    for note in score.vocals[0].phrases[0].notes:
        start, _ = score.performed(note)
        held = sing(score)[int((start + 0.15) * RATE) : int((start + 0.7) * RATE)]
        assert level(held) == pytest.approx(-20, abs=3.5)


@pytest.mark.parametrize("voice", ["clara", "silas"])
def test_the_closure_of_an_unvoiced_stop_is_silent(voice: str) -> None:
    centre = voices.load(voice).range.centre
    score = score_of(phrase("the street", [centre, centre + 2], length=1.0, last=2.0), voice=voice)
    sung, take = score.vocals[0].phrases[0], ensemble.takes(score.vocals[0])[0]
    line = singer._spoken([sung], take.voice, None)[0]
    laid = singer._layout(sung, line, take, score, 1)
    final = laid.spans[-1]
    assert line.phones[final.phone] == "t"
    shut = final.stop - min(BURST, 0.6 * (final.stop - final.start))
    assert level(sing(score, final.start + 0.022, shut - 0.012)) < level(sing(score, 1.0, 1.5)) - 40


def test_velocity_is_heard() -> None:
    loud = phrase("home", [64])
    soft = type(loud)(loud.text, loud.words, (SungNote(0, 2, 64, 0, 0, 50),), 0)
    assert level(sing(score_of(loud))) - level(sing(score_of(soft))) == pytest.approx(5.5, abs=1.5)


def test_nothing_clips_and_there_is_no_direct_current(two_phrases: Score) -> None:
    sound = sing(two_phrases)
    assert sound.dtype == np.float32
    assert sound.shape == (8 * RATE, 2)
    assert np.abs(sound).max() < 0.9
    assert abs(sound.mean()) < 1e-4


def test_word_times_are_ordered_and_inside_their_phrase(two_phrases: Score) -> None:
    times = singer.word_times(two_phrases.vocals[0], two_phrases)
    assert [t.text for t in times] == ["follow", "the", "silver", "rain", "street", "home"]
    for before, after in itertools.pairwise(times):
        assert before.start < before.stop <= after.start + 1e-4
    assert [t.line for t in times] == [0, 0, 0, 0, 1, 1]
    for time, (note, margin) in zip(times[4:], ((0, 0.4), (1, 0.2)), strict=True):
        start, stop = two_phrases.performed(two_phrases.vocals[0].phrases[1].notes[note])
        assert start - margin < time.start <= start
        assert time.stop < stop + 0.25


def test_word_times_agree_with_the_sound(two_phrases: Score) -> None:
    sound = sing(two_phrases)
    first = singer.word_times(two_phrases.vocals[0], two_phrases)[0]
    heard = np.flatnonzero(np.abs(sound[:, 0]) > 1e-3)[0] / RATE
    assert heard == pytest.approx(first.start, abs=0.02)


def test_backing_singers_are_not_clones_of_the_lead(two_phrases: Score) -> None:
    lead = sing(two_phrases)
    part = two_phrases.vocals[0]
    backing = score_of(*part.phrases, role=Role.BACKING_VOCALS)
    other = sing(backing)
    span = slice(int(0.5 * RATE), int(2.0 * RATE))
    assert abs(np.corrcoef(lead[span, 0], other[span, 0])[0, 1]) < 0.6


def test_backing_vocals_are_two_takes_that_drift_apart(two_phrases: Score) -> None:
    backing = sing(score_of(*two_phrases.vocals[0].phrases, role=Role.BACKING_VOCALS)).astype(np.float64)
    near, far = np.cos(ensemble.DOUBLE_PLACES[0]), np.sin(ensemble.DOUBLE_PLACES[0])
    first, second = np.linalg.solve([[near, far], [far, near]], backing.T)
    heard = []
    for take in (first, second):
        sound = np.ascontiguousarray(take[: 4 * RATE : 2])
        pitch, times = pyworld.dio(sound, RATE // 2, f0_floor=60, f0_ceil=900)
        heard.append(pyworld.stonemask(sound, pitch, times, RATE // 2))
    both = (heard[0] > 0) & (heard[1] > 0)
    apart = np.abs(1200 * np.log2(heard[0][both] / heard[1][both]))
    assert np.median(apart) > 2
    blocks = [slice(i, i + RATE // 4) for i in range(RATE // 2, 3 * RATE, RATE // 4)]
    alike = [np.corrcoef(first[block], second[block])[0, 1] for block in blocks]
    assert np.mean(alike) < 0.7
    assert abs(level(backing[:, 0]) - level(backing[:, 1])) < 2


def coherence(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the mean magnitude-squared coherence of two sounds from 200 Hz to 3 kHz, over 85 ms at a time."""
    hertz, alike = signal.coherence(first, second, RATE, nperseg=4096)
    return float(np.mean(alike[(hertz > 200) & (hertz < 3000)]))


def test_takes_of_a_double_are_no_more_coherent_than_strangers(two_phrases: Score) -> None:
    part = msgspec.structs.replace(two_phrases.vocals[0], role=Role.BACKING_VOCALS)
    takes = ensemble.takes(part)
    line = singer._spoken([part.phrases[0]], takes[0].voice, None)[0]
    begun, heard = zip(*(singer._phrase(part.phrases[0], line, take, two_phrases, 1) for take in takes), strict=True)
    count = min(sound.size for sound in heard) - abs(begun[0] - begun[1])
    first, second = (
        sound[max(begun) - origin :][:count].astype(np.float64) for origin, sound in zip(begun, heard, strict=True)
    )
    assert coherence(first, first) > 0.99
    assert coherence(first, second) < 0.5


def test_two_voices_on_one_melody_are_never_phase_locked(two_phrases: Score) -> None:
    lead = sing(two_phrases)[:, 0]
    for voice in ("clara", "vera"):
        part = msgspec.structs.replace(two_phrases.vocals[0], name="harmony", voice=voice)
        other = sing(msgspec.structs.replace(two_phrases, vocals=(part,)))[:, 0]
        for start in np.arange(0.5, 2.5, 0.25):
            block = slice(int(start * RATE), int((start + 0.25) * RATE))
            assert abs(np.corrcoef(lead[block], other[block])[0, 1]) < 0.97


def test_a_stored_line_gives_identical_samples(two_phrases: Score, tmp_path) -> None:
    part = two_phrases.vocals[0]
    store.forget()
    assert singer.prepare(part, tmp_path) == 2
    fresh = singer.render(part, two_phrases, 1, 0, 2 * RATE, tmp_path)
    store.forget()
    singer.forget()
    assert singer.prepare(part, tmp_path) == 0
    assert np.array_equal(singer.render(part, two_phrases, 1, 0, 2 * RATE, tmp_path), fresh)


def pitch_of(sound: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the voiced F0 in Hz."""
    heard = np.ascontiguousarray(sound[::2, 0], np.float64)
    hertz, times = pyworld.dio(heard, RATE // 2, f0_floor=60, f0_ceil=900)
    hertz = pyworld.stonemask(heard, hertz, times, RATE // 2)
    return hertz[hertz > 0]


def spread(hertz: NDArray[np.float64]) -> float:
    """Return the middle half of pitches in octaves, which the tracker's octave slips at a line's end do not reach."""
    return float(np.subtract(*np.percentile(np.log2(hertz), [75, 25])))


def delivered(way: str) -> NDArray[np.float32]:
    return sing(score_of(phrase("follow the silver rain", [69] * 6, length=0.5, delivery=way)))  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["rap", "spoken"])
def test_rapped_and_spoken_lines_have_the_melody_of_speech_and_lie_lower_than_song(way: str) -> None:
    sung, said = pitch_of(delivered("sung")), pitch_of(delivered(way))
    assert np.median(said) < 0.85 * np.median(sung)
    assert spread(said) > 1.5 * spread(sung)


def test_a_whisper_has_no_pitch_and_is_softer() -> None:
    sung, whispered = delivered("sung"), delivered("whispered")
    assert pitch_of(whispered).size < 0.25 * pitch_of(sung).size
    assert -16 < level(whispered) - level(sung) < -5


def brightness(sound: NDArray[np.float32]) -> float:
    """Return dB of 2–5 kHz against what lies below."""
    power = np.abs(np.fft.rfft(sound[:, 0])) ** 2
    hertz = np.fft.rfftfreq(sound.shape[0], 1 / RATE)
    return float(10 * np.log10(power[(hertz > 2000) & (hertz < 5000)].sum() / power[hertz < 2000].sum()))


def test_a_shout_is_louder_and_brighter() -> None:
    sung, shouted = delivered("sung"), delivered("shouted")
    assert level(shouted) > level(sung) + 1
    assert brightness(shouted) > brightness(sung) + 3


def subharmonics(sound: NDArray[np.float32], hertz: float) -> float:
    """Return dB of what stands at a half and a third of a pitch, between its harmonics, against the harmonics."""
    power = np.abs(np.fft.rfft(sound[:, 0] * np.hanning(len(sound)))) ** 2
    places = np.fft.rfftfreq(len(sound), 1 / RATE)
    within = (places > 200) & (places < 4000)
    offset = np.abs(places / hertz - np.round(places / hertz))
    return float(10 * np.log10(power[within & (offset > 0.15)].sum() / power[within & (offset < 0.1)].sum()))


def test_a_scream_growls_between_its_harmonics() -> None:
    held = [
        sing(score_of(phrase("follow", [64, 64], last=3.0, delivery=way)), 1.4, 2.4)  # type: ignore[arg-type]
        for way in ("sung", "screamed")
    ]
    hertz = 440 * 2 ** ((64 - 69) / 12)
    assert subharmonics(held[1], hertz) > subharmonics(held[0], hertz) + 8
    assert brightness(held[1]) > brightness(held[0]) + 3


def stray(sound: NDArray[np.float32], score: Score) -> float:
    """Return how many cents, at the 90th percentile, the pitch strays from the written notes between their edges."""
    heard = np.ascontiguousarray(sound[::2, 0], np.float64)
    hertz, times = pyworld.dio(heard, RATE // 2, f0_floor=60, f0_ceil=900)
    hertz = pyworld.stonemask(heard, hertz, times, RATE // 2)
    cents = []
    for note in score.vocals[0].phrases[0].notes:
        start, stop = score.performed(note)
        inside = (times > start + 0.04) & (times < stop - 0.12) & (hertz > 0)
        cents.append(1200 * np.log2(hertz[inside] / 440) + 6900 - 100 * note.pitch)
    return float(np.percentile(np.abs(np.concatenate(cents)), 90))


def test_a_tuned_voice_stands_on_its_notes() -> None:
    sung = score_of(phrase("follow home", [64, 69, 62], last=3.0))
    notes = tuple(msgspec.structs.replace(note, vibrato=40.0, scoop=60.0) for note in sung.vocals[0].phrases[0].notes)
    line = msgspec.structs.replace(sung.vocals[0].phrases[0], notes=notes)
    part = msgspec.structs.replace(sung.vocals[0], phrases=(line,))
    free = msgspec.structs.replace(sung, vocals=(part,))
    tuned = msgspec.structs.replace(sung, vocals=(msgspec.structs.replace(part, effects=("auto-tune",)),))
    assert stray(sing(tuned), tuned) < 12
    assert stray(sing(free), free) > 20


def test_a_vocoder_stands_on_its_notes_with_an_octave_below_them() -> None:
    sung = score_of(phrase("follow home", [64, 69, 62], last=3.0))
    part = msgspec.structs.replace(sung.vocals[0], effects=("vocoder",))
    robot = msgspec.structs.replace(sung, vocals=(part,))
    start, stop = sung.performed(sung.vocals[0].phrases[0].notes[2])
    hertz = 440 * 2 ** ((62 - 69) / 12)
    between = [subharmonics(sing(one, start + 0.3, stop - 0.3), hertz) for one in (sung, robot)]
    assert between[1] > between[0] + 12
    assert abs(level(sing(robot)) - level(sing(sung))) < 3


def test_a_choir_is_six_singers_from_side_to_side(two_phrases: Score) -> None:
    part = msgspec.structs.replace(two_phrases.vocals[0], role=Role.BACKING_VOCALS, effects=("choir",))
    takes = ensemble.takes(part)
    assert len({take.part.name for take in takes}) == len(takes) == 6
    assert len({take.voice.name for take in takes}) > 1
    assert sum(float(np.sum(take.sides**2)) for take in takes) == pytest.approx(2.0, abs=0.01)
    choir = sing(msgspec.structs.replace(two_phrases, vocals=(part,)))
    pair = sing(score_of(*part.phrases, role=Role.BACKING_VOCALS))
    assert abs(level(choir[:, 0]) - level(choir[:, 1])) < 2
    assert abs(level(choir) - level(pair)) < 3
    span = slice(int(0.5 * RATE), int(2.0 * RATE))
    assert np.corrcoef(choir[span, 0], choir[span, 1])[0, 1] < 0.75


def test_high_soft_notes_are_light_and_high_loud_ones_are_belted() -> None:
    high = phrase("follow home", [79, 79, 79])
    soft = msgspec.structs.replace(high, notes=tuple(msgspec.structs.replace(n, velocity=75) for n in high.notes))
    assert brightness(sing(score_of(high))) > brightness(sing(score_of(soft))) + 3


def test_a_line_dies_away_on_its_last_vowel() -> None:
    sound = sing(score_of(phrase("follow", [64, 62], last=3.0)))
    start, stop = 0.4 + 0.6, 0.4 + 0.6 + 1.8
    body = level(sound[int((start + 0.3) * RATE) : int((start + 0.8) * RATE)])
    assert level(sound[int((stop - 0.15) * RATE) : int(stop * RATE)]) < body - 4


@pytest.mark.parametrize("voice", ["clara", "jonas"])
def test_notes_of_a_tenth_of_a_second_are_given_their_pitch(voice: str) -> None:
    """Sixteenths at 150 bpm: there is no time for an attack, a lean or a swing past the note of their usual size."""
    centre = voices.load(voice).range.centre
    pitches = [centre + step for step in (0, 4, 0, -3, 2, 7)]
    score = score_of(phrase("follow the silver street", pitches, length=0.25, last=0.25), voice=voice, bpm=150)
    take, sung = ensemble.takes(score.vocals[0])[0], score.vocals[0].phrases[0]
    line = singer._spoken([sung], take.voice, None)[0]
    laid = singer._layout(sung, line, take, score, 1)
    spans = {span.phone: span for span in laid.spans}
    errors = []
    for syllable in laid.syllables:
        span = spans[syllable.vowel]
        times = np.linspace(0.75 * span.start + 0.25 * span.stop, 0.25 * span.start + 0.75 * span.stop, 9)
        cents = pitch.sung_curve(laid, line, times, take.voice.manner.pitch, 1, "voice")
        errors.append(float(np.median(cents)) - 100 * syllable.notes[0].pitch)
    assert np.median(np.abs(errors)) < 6, errors
    assert np.max(np.abs(errors)) < 16, errors
