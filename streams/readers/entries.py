"""What entries of feeds have in common."""

from streams.cleaning.identity import slug


def entry_id(stated: str | None, home: str) -> str | None:
    """An entry's id, made unique across feeds: ``17`` is an id in many of them.

    Addresses, URNs and tags are unique by themselves. Others get the feed's address before them.
    """
    if not stated or ":" in stated:
        return stated
    host = home.partition("://")[2].partition("/")[0] or slug(home)
    return f"{host}:{stated}" if host else stated
