"""HTML to lines of text, only where there is markup: ``a < b`` and ``<3`` are left alone."""

import html
import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

_NAMES = (
    "a|abbr|article|b|blockquote|body|br|cite|code|div|em|figure|figcaption|font|footer|h[1-6]|head"
    "|header|hr|html|i|iframe|img|li|main|nav|ol|p|pre|q|s|script|section|small|span|strong|style"
    "|sub|sup|table|tbody|td|th|tr|u|ul"
)
_VALUE = r"""(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+)"""
_MARKUP = re.compile(
    rf"<(?:{_NAMES})(?:\s+[\w:-]+\s*=\s*{_VALUE}){{0,20}}\s*/?>|</(?:{_NAMES})>"
    "|<!doctype html|<!--",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]\w{1,30});")
_DROPPED = "script,style,nav,aside,noscript,template,form,button,iframe,svg,head"
_BLOCKS = (
    "address,article,blockquote,div,dd,dl,dt,figcaption,figure,footer,h1,h2,h3,h4,h5,h6,header,hr,"
    "main,ol,p,pre,section,table,tr,ul"
)
_BLOCK, _LINE, _ITEM = "\ue000", "\ue001", "\ue002"  # private use: stand for breaks meanwhile
_MARKS = re.compile(rf"\s*[{_BLOCK}{_LINE}{_ITEM}][\s{_BLOCK}{_LINE}{_ITEM}]*")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>", re.IGNORECASE)
_UNCLOSED = {*("p", "li", "dt", "dd", "tr", "td", "th", "br", "hr", "img", "input", "meta", "link")}
_MAX_DEPTH = 300  # the parser's time grows with the square of the depth
MAX_ATTRIBUTES = 400
"""In one tag; the parser's time grows with their square too."""
_ATTRIBUTE = (
    r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+|(?=>)))?+"""
)
_CROWDED = re.compile(rf"<[A-Za-z][^\s/>]*+(?:{_ATTRIBUTE}){{{MAX_ATTRIBUTES}}}")
_TRAILER = re.compile(r"\b(?:original|official)\b", re.IGNORECASE)


def has_markup(text: str) -> bool:
    """True if at least one well-formed known tag stands in ``text``."""
    return "<" in text and _MARKUP.search(text) is not None


def to_text(text: str) -> str:
    """Paragraphs divided by an empty line, list items begun by a bullet, entities resolved."""
    if not has_markup(text) and "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    if not has_markup(text):
        return text
    if is_crowded(text) or _depth(text) > _MAX_DEPTH:
        return html.unescape(_TAG.sub(" ", text))
    return _render(text)


def is_crowded(text: str) -> bool:
    """True if a tag has more attributes than any that a person or a program writes."""
    return _CROWDED.search(text) is not None


def _depth(text: str) -> int:
    """An upper bound of the depth of open elements."""
    open_tags: Counter[str] = Counter()
    depth = deepest = 0
    for close, name in _TAG.findall(text):
        name = name.lower()
        if name in _UNCLOSED:
            continue
        if not close:
            open_tags[name] += 1
            depth += 1
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
        deepest = max(deepest, depth)
    return deepest


def _render(text: str) -> str:
    tree = LexborHTMLParser(re.sub(f"[{_BLOCK}{_LINE}{_ITEM}]", " ", text))
    heading = _heading(tree)
    for node in tree.css(_DROPPED):
        node.decompose()
    _show_links(tree)
    for node in tree.css("br"):
        node.replace_with(_LINE)
    for node in tree.css(_BLOCKS):
        node.insert_before(_BLOCK)
        node.insert_after(_BLOCK)
    for node in tree.css("li"):
        node.insert_before(_ITEM)
    for node in tree.css("td,th"):
        node.insert_after(" ")
    root = tree.body or tree.root
    joined = heading + (root.text(deep=True) if root else "")
    return _MARKS.sub(_break, " ".join(joined.split())).strip()


def _heading(tree: LexborHTMLParser) -> str:
    """The page's title, where no heading in the text says it."""
    title = tree.css_first("head > title")
    if title is None or tree.css_first("h1") is not None:
        return ""
    return title.text(deep=True) + _BLOCK


def _show_links(tree: LexborHTMLParser) -> None:
    """Write out the address behind 'Original video here', which the reader could click."""
    for node in tree.css("a[href^=http]"):
        if _TRAILER.search(_around(node)):
            node.insert_after(f" {node.attributes.get('href')}")


def _around(link: LexborNode) -> str:
    block = link.parent.text(deep=True) if link.parent else ""
    return block if len(block) < 80 else link.text(deep=True)[:80]


def _break(match: re.Match[str]) -> str:
    marks = match.group()
    if marks.count(_ITEM):
        return "\n• "
    return "\n\n" if _BLOCK in marks else "\n"
