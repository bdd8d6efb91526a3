"""Language: what the words say, how they sound, and what the tags ask for.

Owns pronunciation, syllables and stress, lyric parsing, the tag vocabulary, free descriptions, lyric writing,
titles and moderation. Must not know notes, audio, files other than its own data and the pronouncing dictionary,
or how a request arrived.

Conventions
-----------
English phones are the CMU set as festival spells it: lower case, no stress digits, ``"ax"`` for the reduced vowel; the
phones of all other languages are IPA (:mod:`descant.words.languages`). A *sound*
is a word's pronunciation before it meets its letters: a tuple of (phones, stress) pairs, one a syllable, with exactly
one vowel in each. Stress is 0 none, 1 primary, 2 secondary. Everything is a pure function of its inputs and, where
there is a choice, a seed.
"""
