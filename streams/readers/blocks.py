"""The text of an element tree of XHTML or NITF: paragraphs, bullets, lines."""

from typing import Any, NamedTuple

from lxml import etree

from streams.readers.safe_xml import name_of

_DROPPED = frozenset(
    "head script style nav aside noscript template form button iframe svg figcaption "
    "media media-metadata media-reference media-caption media-object media-producer "
    "nitf-table-metadata".split()
)
_INTERNAL = frozenset(("ednote", "ed-msg"))
_BLOCKS = frozenset(
    "address article block blockquote body body.content bq caption dd div dl dt figure footer fn "
    "h1 h2 h3 h4 h5 h6 header hl1 hl2 hr li main note ol p pre section table tr ul".split()
)
_CELLS = frozenset(("td", "th"))
_EDITORS = "editorsnote"
_LINE = "\ue001"  # private use: stands for a line break meanwhile


class Blocks(NamedTuple):
    """The text, the names of elements that were left out, and of those for editors."""

    text: str
    dropped: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()


def text_of(root: Any) -> Blocks:
    """Paragraphs divided by an empty line, items of lists begun by a bullet.

    Pictures with their captions, scripts, and notes to editors are left out. Walks without
    recursion: depth costs nothing.
    """
    dropped: dict[str, None] = {}
    internal: dict[str, None] = {}
    blocks: list[str] = []
    pieces: list[str] = []
    bullet = False
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = name_of(element)
        if event == "start":
            if element.get("noteclass") == _EDITORS or tag in _INTERNAL:
                internal[tag] = None
                walk.skip_subtree()
            elif tag in _DROPPED:
                dropped[tag] = None
                walk.skip_subtree()
            else:
                if tag in _BLOCKS:
                    bullet = _flush(blocks, pieces, bullet=bullet)
                    bullet = bullet or tag == "li"
                elif tag == "br":
                    pieces.append(_LINE)
                pieces.append(element.text or "")
        else:
            if tag in _BLOCKS:
                bullet = _flush(blocks, pieces, bullet=bullet) and tag != "li"
            elif tag in _CELLS:
                pieces.append(" ")
            if element is not root:
                pieces.append(element.tail or "")
    _flush(blocks, pieces, bullet=bullet)
    return Blocks(_joined(blocks), tuple(dropped), tuple(internal))


def _flush(blocks: list[str], pieces: list[str], *, bullet: bool) -> bool:
    """Close the block; gives back the bullet if there was nothing to put it on."""
    lines = (" ".join(line.split()) for line in "".join(pieces).split(_LINE))
    pieces.clear()
    text = "\n".join(line for line in lines if line)
    if text:
        blocks.append(f"• {text}" if bullet else text)
        return False
    return bullet


def _joined(blocks: list[str]) -> str:
    out: list[str] = []
    for block in blocks:
        near = out and out[-1].startswith("• ") and block.startswith("• ")
        out.append(("\n" if near else "\n\n") if out else "")
        out.append(block)
    return "".join(out)
