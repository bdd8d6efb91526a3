import msgspec
import pytest

from descant.edit.revision import CannotEdit
from descant.edit.sampling import sample
from descant.song.brief import Brief
from descant.song.lyrics import SectionKind
from descant.song.orders import Sample
from descant.song.theory import Key

WORDS = """[Verse]
Winter has a window on the highway
Someone left a candle in the hall
[Chorus]
Come along, come along
Listen to the evening call
Come along, come along
Leave your shadow on the wall
"""


def chorus_window(song):
    section = next(s for s in song.score.sections if s.kind is SectionKind.CHORUS)
    stop = section.start + section.bars * song.score.metre.bar_length
    return song.score.seconds(section.start), song.score.seconds(stop)


@pytest.mark.parametrize("tags", ["", "jazz", "reggae, in D minor", "house", "waltz"])
@pytest.mark.parametrize("name", ["pop", "rock", "waltz", "seven", "rap", "instrumental"])
def test_any_window_of_any_song_grows_a_whole_song(name, tags, song, voices, check_whole):
    sung, played = Brief(seed=31, tags=tags, lyrics=WORDS), Brief(seed=31, tags=tags, instrumental=True)
    for brief, start, stop in ((sung, 0.0, 6.0), (played, 10.0, 22.0), (sung, 20.0, 500.0)):
        revision = sample(Sample(brief, start, stop), [song(name)], voices)
        check_whole(revision)
        assert bool(revision.score.vocals) != brief.instrumental


def test_the_hook_of_the_window_becomes_the_hook_of_the_song(song, voices, lead):
    source = song("pop")
    start, stop = chorus_window(source)
    score = sample(Sample(Brief(seed=31, lyrics=WORDS), start, stop), [source], voices).score
    first = next(s for s in source.score.sections if s.kind is SectionKind.CHORUS)
    motif = [n.pitch for n in lead(source.score) if first.start <= n.start < first.start + 8]
    chorus = next(s for s in score.sections if s.kind is SectionKind.CHORUS)
    hook = [n.pitch for n in lead(score) if chorus.start - 1 <= n.start < chorus.start + 8]
    moves = {(new - old) % 12 for old, new in zip(motif, hook, strict=False)}
    starts = [n % 12 for n in motif]
    assert 0 in moves
    assert sum(pitch % 12 in starts for pitch in hook) / len(hook) > 0.9


def test_chords_key_and_tempo_of_the_window_stay(song, voices):
    source = song("pop")
    start, stop = chorus_window(source)
    revision = sample(Sample(Brief(seed=31, lyrics=WORDS), start, stop), [source], voices)
    assert revision.score.key == source.score.key
    assert revision.score.tempo[0].bpm == source.score.tempo[0].bpm
    section = next(s for s in source.score.sections if s.kind is SectionKind.CHORUS)
    theirs = {c.chord.root for c in source.score.chords if section.start <= c.start < section.start + 16}
    verse = next(s for s in revision.score.sections if s.kind is SectionKind.VERSE)
    ours = {c.chord.root for c in revision.score.chords if verse.start <= c.start < verse.start + 16}
    assert len(ours & theirs) >= len(theirs) - 1


def test_the_motif_opens_the_song(song, voices):
    source = song("pop")
    revision = sample(Sample(Brief(seed=31, lyrics=WORDS), *chorus_window(source)), [source], voices)
    assert revision.score.sections[0].kind is SectionKind.INTRO
    end = revision.score.sections[1].start
    lead = revision.plan.instruments["lead"]
    assert [n for p in revision.score.parts if p.instrument == lead for n in p.notes if n.start < end]


def test_what_the_tags_ask_for_is_exact(song, voices):
    revision = sample(
        Sample(Brief(seed=31, tags="jazz, 140 bpm, in Bb major", lyrics=WORDS), 10, 25), [song("pop")], voices
    )
    assert revision.plan.genres[0][0] == "jazz"
    assert revision.plan.bpm == 140.0
    assert revision.score.key == Key(10, "major")


def test_words_are_written_where_none_are_given(song, voices):
    revision = sample(Sample(Brief(seed=31, description="a song about the sea"), 10, 25), [song("rock")], voices)
    assert revision.score.vocals
    assert "[Chorus]" in revision.lyrics


def test_the_same_order_gives_the_same_revision(song, voices):
    order = Sample(Brief(seed=31, lyrics=WORDS), 10, 25)
    first, again = (sample(order, [song("rock")], voices) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(again)


@pytest.mark.parametrize(
    ("start", "stop", "text"),
    [
        (5, 5, "is none"),
        (9, 3, "is none"),
        (-1, 5, "is none"),
        (9000, 9010, "the song ends at"),
        (5, 5.5, "at least 1 s"),
    ],
)
def test_windows_that_cannot_be_sampled_say_why(start, stop, text, song, voices):
    with pytest.raises(CannotEdit, match=text):
        sample(Sample(Brief(seed=1, lyrics=WORDS), start, stop), [song("pop")], voices)
