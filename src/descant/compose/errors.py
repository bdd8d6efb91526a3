"""What cannot be composed."""


class CannotWrite(ValueError):
    """There is nobody to sing, or no room for a line; the message says what was asked and what there is."""
