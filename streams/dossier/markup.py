"""Elements of HTML. Every text is escaped; only an element is taken as markup."""

from collections.abc import Iterable
from html import escape

_EMPTY = frozenset(("meta", "br"))


class Html(str):
    """Markup that was made here."""

    __slots__ = ()


Child = str | Html | Iterable[str | Html | None] | None


def element(name: str, /, *children: Child, **attributes: str | None) -> Html:
    """One element.

    Args:
        children: text, elements, or some of both; None is left out.
        attributes: ``class_`` is written ``class``, other ``_`` as ``-``; None is left out.
    """
    stated = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "" if name in _EMPTY else f"</{name}>"
    return Html(f"<{name}{stated}>{joined(*children)}{end}")


def joined(*children: Child) -> Html:
    """Children one after the other."""
    return Html("".join(map(_markup, children)))


def foreign(text: str, language: str | None = None) -> Html:
    """Words of others: their direction is their own and ends with them."""
    return element("bdi", text, lang=language)


def _markup(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return escape(child)
    return joined(*child)
