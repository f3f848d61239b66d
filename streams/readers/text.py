"""Plain text and marked-up text: one article; its layout is found by the common cleaning."""

from streams.cleaning.charset import decode
from streams.readers.draft import Draft


def read(value: bytes) -> tuple[Draft, ...]:
    """One draft that holds the whole text.

    Raises:
        Rejected: ``not-text``.
    """
    return (Draft(format="text", text=decode(value)),)
