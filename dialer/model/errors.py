"""Errors of the dialer. Expected outcomes (busy, refused) are values, never exceptions."""


class DialerError(Exception):
    """Base of every error that the dialer raises on purpose."""


class IllegalTransition(DialerError):
    """A state machine was driven against its table: a fault of ours."""


class StaleEvent(DialerError):
    """An event came for something already past it: the switch's doing, counted and dropped."""


class ConfigurationError(DialerError):
    """A setting is missing or wrong; the message names the setting and says what it takes."""


class BadInput(DialerError):
    """A person or another system sent something unacceptable; says what and where.

    `code` and `fields` say the same to programs and to screens, which have words of their own;
    empty where only the sentence is told.
    """

    def __init__(self, sentence: str, code: str = "", **fields: object) -> None:
        super().__init__(sentence)
        self.code = code
        self.fields = fields
