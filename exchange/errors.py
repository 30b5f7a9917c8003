"""Exceptions, grouped by what the caller can do about them. Bad data is never an exception: it is a finding."""

from __future__ import annotations

from exchange.text import Text


class HubError(Exception):
    """What every error of the hub is; its text says what happened, where, and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.both())
        self.text = text


class ConfigError(HubError):
    """A catalogue, contract or setting is wrong: a person must mend it, trying again is of no use."""


class FatalError(HubError):
    """The hub's own state is not what it must be: stop this work and show it to an administrator."""


class RetriableError(HubError):
    """The other side did not answer, or is busy: the same call may succeed later."""
