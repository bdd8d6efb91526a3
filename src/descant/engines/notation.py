"""Songs as sheets and pictures, written when asked for, for those who have only the song document."""

from descant.song.document import Song


def musicxml(song: Song) -> bytes:
    """Return the lead sheet of a song as MusicXML: melody, words and chords."""
    from descant.media import musicxml as sheet

    return sheet.encode(song.score)


def piano_roll(song: Song) -> bytes:
    """Return the song's notes, chords, words and drums as a picture (PNG)."""
    from descant.media import pianoroll

    return pianoroll.draw(song.score)
