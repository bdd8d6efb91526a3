"""Songs in the formats of notation programs, for those who have only the song document."""

from descant.song.document import Song


def musicxml(song: Song) -> bytes:
    """Return the lead sheet of a song as MusicXML: melody, words and chords."""
    from descant.media import musicxml as sheet

    return sheet.encode(song.score)
