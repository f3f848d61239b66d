"""Plain text and marked-up text: one article; its layout is found by the common cleaning."""

from streams.cleaning.charset import decode, is_damaged
from streams.readers.draft import Draft, Reading


def read(value: bytes) -> Reading:
    """One draft that holds the whole text.

    Raises:
        Rejected: ``not-text``.
    """
    text = decode(value)
    return (
        Draft(format="text", text=text, unread=("charset",) if is_damaged(value, text) else ()),
    )
