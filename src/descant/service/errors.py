"""What a user can cause, and what an operator must mend. The text of each is written for people to read."""


class ServiceError(Exception):
    """The base of all; ``str(error)`` may be shown to the user."""


class BadKey(ServiceError):
    """The API key is none of ours."""

    def __init__(self) -> None:
        super().__init__("The API key is not valid. Check that it was copied whole.")


class RevokedKey(ServiceError):
    """The API key was revoked."""

    def __init__(self) -> None:
        super().__init__("The API key was revoked. Use another one.")


class OutOfCredits(ServiceError):
    """The balance does not cover the price. ``needed`` and ``left`` are in credits."""

    def __init__(self, needed: int, left: int) -> None:
        super().__init__(f"Not enough credits: this needs {needed}, and {left} are left. Nothing was charged.")
        self.needed = needed
        self.left = left


class Refused(ServiceError):
    """The words or the description may not be made into a song; the text says why."""


class Invalid(ServiceError):
    """The request contradicts itself or names something that does not fit; the text says what."""


class NotFound(ServiceError):
    """There is no such thing for this account.

    ``what`` is "task", "batch", "clip", "persona", "file" or "key"; ``id`` what was asked, cut to the longest id.
    """

    def __init__(self, what: str, id: str) -> None:
        super().__init__(f"There is no {what} {id!r}.")
        self.what = what
        self.id = id


class Ambiguous(ServiceError):
    """More than one key fits what was given."""

    def __init__(self, text: str) -> None:
        super().__init__(f"More than one key is meant by {text!r}; name it by its id.")


class Failed(ServiceError):
    """What was asked for before could not be made; the text says why."""


class TooMany(ServiceError):
    """The account has too much waiting already. ``seconds`` says when to try again."""

    def __init__(self, text: str, seconds: float) -> None:
        super().__init__(text)
        self.seconds = seconds


class Unavailable(ServiceError):
    """The database or the object store cannot be used; the text says which, and why."""


class OutdatedSchema(Unavailable):
    """The database is not of this version."""

    def __init__(self) -> None:
        super().__init__("The database belongs to another version of Descant. Run its migration, then start again.")
