"""The errors this room raises, named after what went wrong."""


class WordsError(Exception):
    """Base of every error a user or an operator can cause in this room."""


class LexiconMissingError(WordsError):
    """The pronouncing dictionary is not installed."""


class NothingToSingError(WordsError, ValueError):
    """The lyrics hold no word that could be sung."""


class RefusedTextError(WordsError, ValueError):
    """The text asks for something Descant will not make.

    Attributes
    ----------
    snippet : the words that led to the refusal.
    reason : why, in words for the user.
    """

    def __init__(self, snippet: str, reason: str) -> None:
        super().__init__(f"{reason}: “{snippet}”")
        self.snippet = snippet
        self.reason = reason


RefusedText = RefusedTextError
