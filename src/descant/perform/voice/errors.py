"""What can go wrong when a voice is asked to sing."""


class VoiceError(RuntimeError):
    """The voice cannot be rendered; the message says why and what to do."""


class MissingProgramError(VoiceError):
    """A speech program or its data is not installed; the message names the package."""


class EngineFailedError(VoiceError):
    """A speech program ended with an error, ran too long or gave something unreadable."""


class PronunciationError(VoiceError):
    """The score holds a sound that no English voice has, or a source spoke other phones than it was given."""


class UnknownVoiceError(VoiceError):
    """No voice file has the name asked for."""
