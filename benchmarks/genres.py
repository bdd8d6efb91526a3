"""Print docs/genres.md: every style as its songs' notes show it."""

from benchmarks.rows import genres

_HEAD = """# Genres

Every style as the notes of three wordless songs in it show it. `make genres` writes this page; nothing here is copied
from the style files. Grooves are the sixteen places of a bar (of 3/4 and 6/8 too, stretched): `X` a full stroke in
nearly every bar, `x` in many or softer, `·` now and then. Swing is the place of the second of a pair, where it is not
straight. *Off the beat* is the share of the onsets of bass and chords. *Nearest* is the style most like it, with their
distance in notes alone: tempo, instruments and mix are not asked. Two samples of one style lie about 0.5 apart; a test
asks that no two styles lie nearer than {least}.
"""


def main() -> None:
    """Print the page."""
    print(_HEAD.format(least=genres.LEAST))
    print(genres.table())


if __name__ == "__main__":
    main()
