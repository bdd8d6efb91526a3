import msgspec
import pytest

from descant.engines.delivery import tags
from descant.engines.score.engine import write
from descant.song.brief import Brief
from descant.song.document import Provenance, Song


def song(lyrics, **fields):
    brief = Brief(seed=1, lyrics=lyrics, tags="folk", **fields)
    reading, plan, score = write(brief)
    made = Provenance(engine="score", version="0", seed=1)
    return Song(
        brief=brief,
        plan=plan,
        score=score,
        provenance=made,
        title=reading.title,
        lyrics=reading.text,
        tags="folk",
        seconds=10.0,
        loudness=-14.0,
        true_peak=-1.0,
    )


@pytest.mark.parametrize(
    ("lyrics", "language"),
    [
        ("[Verse]\nThe river carries every name", "eng"),
        ("[Strophe]\nDer Winter legt sich auf die Stadt", "deu"),
        ("[主歌]\n夜里的灯还亮着", "zho"),
        ("[Verse]\nΤο ποτάμι και η θάλασσα", "und"),
    ],
)
def test_files_name_the_language_that_is_sung(lyrics, language):
    assert tags(song(lyrics), b"").language == language


def test_an_instrumental_is_of_no_language():
    whole = song("[Verse]\nThe river carries every name")
    alone = msgspec.structs.replace(whole, score=msgspec.structs.replace(whole.score, vocals=()))
    assert tags(alone, b"").language == "und"
