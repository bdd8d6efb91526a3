"""The players: from a sketch and a style's band to the notes of every instrument.

Owns drums, bass, comping, guitars, pads, strings, lead and percussion, their dynamics and their timing. Must not know
how chords or melodies were chosen, nor how anything sounds.

Conventions: a :class:`~descant.compose.band.chart.Chart` is what every player reads; a writer is a function of the
chart that returns notes at notated time with the strength its pattern asks for. Dynamics and timing are laid over all
parts afterwards, so that the band leans together.
"""
