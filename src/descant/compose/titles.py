"""A song's title where none was given: the line people will sing."""

from descant.compose.phrases import syllable_count
from descant.song.lyrics import Lyrics, SectionKind
from descant.song.streams import stream

_WORDLESS = ("Instrumental", "Interlude", "Nocturne", "Overture", "Vignette", "Étude", "Reverie", "Study")
_LONGEST = 6  # words


def title_of(lyrics: Lyrics, seed: int) -> str:
    """Return the lyrics' own title, else their most repeated or shortest chorus line, else a wordless one."""
    if lyrics.title:
        return lyrics.title
    lines = [
        line for section in lyrics.sections if section.kind is SectionKind.CHORUS for line in section.lines
    ] or list(lyrics.lines)
    lines = [line for line in lines if line.words]
    if not lines:
        return _WORDLESS[int(stream(seed, "plan.title").integers(len(_WORDLESS)))]
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.text] = counts.get(line.text, 0) + 1
    best = max(lines, key=lambda line: (counts[line.text], -abs(syllable_count(line.words) - 4)))
    words = [word.text.strip('.,;:!?"“”') for word in best.words[:_LONGEST]]
    return " ".join(word[:1].upper() + word[1:] for word in words)
