"""What can go wrong with one message, and what stops the process."""

MAX_DETAIL = 500


class DeltawireError(Exception):
    """Base of all errors that the command line shows without a traceback."""


class BrokerAwayError(DeltawireError):
    """No broker answers, or none lets us in."""


class PersonNeededError(DeltawireError):
    """The worker stops, and starting it again would not help: somebody has to look."""


class Rejected(DeltawireError):
    """This message can never pass: bury it once, with a reason.

    Args:
        reason: a slug, stable across releases, for example ``bad-json``.
        detail: for a person; cut to ``MAX_DETAIL`` characters.
        item_id, version, origin: as far as they are known.
    """

    def __init__(
        self,
        reason: str,
        detail: str = "",
        *,
        item_id: str = "",
        version: int = 0,
        origin: str | None = None,
    ):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail[:MAX_DETAIL]
        self.item_id = item_id
        self.version = version
        self.origin = origin
