"""Undoing the compression of an answer piece by piece, never beyond a limit."""

import zlib

from streams.errors import MAX_DETAIL, DeltawireError

GZIP = 31  # zlib's word for: a gzip header and nothing else


class FetchError(DeltawireError):
    """No document. ``reason`` is a slug that is counted, ``detail`` is for a person.

    Args:
        status: of the answer, 0 without one.
        retry_after: what the host asks for, as it stands in the header.
    """

    def __init__(
        self, reason: str, detail: str = "", *, status: int = 0, retry_after: str = ""
    ) -> None:
        # Some of it comes from the host, and is shown at terminals.
        said = "".join(c if c.isprintable() else "\ufffd" for c in detail[:MAX_DETAIL])
        super().__init__(f"{reason}: {said}" if said else reason)
        self.reason, self.detail = reason, said
        self.status, self.retry_after = status, retry_after


class Plain:
    """Bytes that stand for themselves."""

    whole = True

    def feed(self, piece: bytes, room: int) -> bytes:
        """The piece itself."""
        return piece


class Gzip:
    """One or more gzip members, as many bytes at a time as there is room for."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(GZIP)
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether the last member came to its end."""
        return not self._begun

    def feed(self, piece: bytes, room: int) -> bytes:
        """What the piece holds, at most ``room`` bytes; then the rest is given up.

        Raises:
            FetchError: ``encoding``, it is no gzip.
        """
        out = bytearray()
        try:
            while piece and len(out) < room:
                self._begun = True
                out += self._member.decompress(piece, room - len(out))
                piece = self._member.unconsumed_tail
                if self._member.eof:
                    piece = self._member.unused_data
                    self._member, self._begun = zlib.decompressobj(GZIP), False
                    if not piece.startswith(b"\x1f"):
                        break  # padding, which all others pass over too
        except zlib.error as error:
            raise FetchError("encoding", f"no gzip: {error}") from None
        return bytes(out)


def unpacker(encoding: str) -> Plain | Gzip:
    """By the header ``Content-Encoding``.

    Raises:
        FetchError: ``encoding``, if it is one that was not asked for.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return Plain()
        case "gzip" | "x-gzip":
            return Gzip()
    raise FetchError("encoding", f"{encoding[:100]!r} was not asked for")
