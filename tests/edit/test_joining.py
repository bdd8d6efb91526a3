"""Concatenation: a song and its extensions as one."""

import msgspec
import pytest
import scores

from descant.edit import grafting
from descant.edit.revising import revise
from descant.edit.revision import CannotEdit, Keep
from descant.song.brief import Brief
from descant.song.document import WordTime
from descant.song.orders import Concat, Extend


def with_words(song):
    """Return a song with word times at its notes, as an engine would have measured them."""
    words = []
    for phrase in scores.lead_phrases(song.score):
        for number, word in enumerate(phrase.words):
            notes = [note for note in phrase.notes if note.word == number]
            start, stop = song.score.performed(notes[0])[0], song.score.performed(notes[-1])[1]
            words.append(WordTime(word.text, start, stop, phrase.section, 0))
    return msgspec.structs.replace(song, words=tuple(words))


@pytest.fixture(scope="module", params=["pop", "waltz", "seven", "duet"])
def chain(request, song, voices, made):
    """A song, its extension from the midst of a verse, and the extension of that in another tempo and key."""
    root = with_words(song(request.param))
    at = root.score.seconds(root.score.sections[3].start + 2 * root.score.metre.bar_length)
    words = "[Verse]\nAutumn found me waiting by the water\n[Chorus]"
    first = with_words(made(revise(Extend(Brief(seed=1, lyrics=words), at), [root], voices)))
    again = Brief(seed=2, lyrics="[Bridge]\nIf the river should forget me", tags="126 bpm")
    second = with_words(made(revise(Extend(again, 0.8 * first.seconds), [first], voices)))
    return root, first, second


def test_the_song_is_whole(chain):
    root, first, second = chain
    revision = revise(Concat(), chain, ())
    scores.check(revision.score)
    scores.check_takes(revision)
    assert len(revision.plan.sections) == len(revision.score.sections)
    assert revision.takes == (
        Keep(0, 0.0, first.joined_at),
        Keep(1, 0.0, second.joined_at),
        Keep(2, 0.0, second.seconds),
    )
    assert revision.score.key == root.score.key
    begins = revision.score.tempo_map.beat(
        first.joined_at + second.joined_at + second.score.lead_in - root.score.lead_in
    )
    assert grafting.tempo_at(revision.score, begins - 1.0) == root.plan.bpm
    assert grafting.tempo_at(revision.score, begins + 1.0) == 126.0
    assert revision.title == root.title


def test_its_times_are_those_of_the_new_audio(chain):
    _, first, second = chain
    revision = revise(Concat(), chain, ())
    begins = (0.0, first.joined_at, first.joined_at + second.joined_at)
    for song, begin in zip(chain, begins, strict=True):
        stop = begins[begins.index(begin) + 1] if begin != begins[-1] else 1e9
        heard = [song.score.performed(n)[0] + begin for n in song.score.parts[0].notes]
        name = song.score.parts[0].name
        now = [revision.score.performed(n)[0] for p in revision.score.parts if p.name == name for n in p.notes]
        for moment in heard:
            if begin + 2.0 < moment < stop - 2.0:
                assert min(abs(moment - other) for other in now) < 2e-3


def test_words_rise_in_time_and_stand_in_their_sections(chain):
    revision = revise(Concat(), chain, ())
    starts = [word.start for word in revision.words]
    assert starts == sorted(starts)
    assert [word.section for word in revision.words] == sorted(word.section for word in revision.words)
    labels = [section.label for section in revision.score.sections]
    verses = [label for label in labels if label.startswith("Verse ")]
    assert len(set(verses)) == len(verses)


def test_the_lyrics_are_what_is_sung(chain):
    revision = revise(Concat(), chain, ())
    assert scores.words_of(revision.lyrics) == scores.lead_words(revision.score)


def test_one_song_alone_or_a_stranger_is_refused(song, chain):
    root, first, _ = chain
    with pytest.raises(CannotEdit, match="only one song"):
        revise(Concat(), [root], ())
    with pytest.raises(CannotEdit, match="not an extension"):
        revise(Concat(), [first, root], ())
