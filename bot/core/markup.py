"""HTML as a person reads it: blocks with their lines, bold first lines and pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.core.headings import read_time
from bot.core.items import Picture

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_WRAPPERS = frozenset(
    ["div", "section", "article", "main", "body", "header", "details", "summary", "fieldset", "center", "hgroup"]
)
_LISTS = frozenset(["ul", "ol", "li", "dl", "dd", "dt", "menu"])
_ITEMS = frozenset(["li", "dd", "dt"])
_OPAQUE = frozenset(["p", "blockquote", "table", "thead", "tbody", "tfoot", "tr", "figure", "pre", "address", "hr"])
_BLOCKS = _WRAPPERS | _LISTS | _OPAQUE | HEADINGS.keys()
_CELLS = frozenset(("td", "th"))
_UNSEEN = frozenset((
    "script", "style", "template", "noscript", "iframe", "svg", "object", "figcaption", "button", "form",
    "select", "textarea", "head", "title", "audio", "video", "canvas", "nav", "aside", "footer", "-comment",
))  # fmt: skip
_UNSEEN_CLASSES = frozenset((
    "screen-reader-text", "wp-caption-text", "gallery-caption", "wp-block-embed", "sharedaddy", "jp-relatedposts",
    "comments-area",
))  # fmt: skip
_EMOJI_CLASSES = frozenset(("wp-smiley", "emoji"))
_ANY_HEADING = ", ".join(HEADINGS)
_BLANKS = re.compile(r"[^\S\n]+")
_DROPPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]")
_WEIGHT = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """One line or block in page order. `head` is a heading's text or a line that is bold throughout.

    `level` is 1 to 6 for headings, else 0. `lead` is the bold beginning of a `body` that goes on in plain letters;
    `line` says that the body is one line as typed, `item` that it is one of a list; `bold` that a heading's letters are
    bold by themselves.
    """

    level: int
    head: str
    body: str
    pictures: tuple[Picture, ...] = ()
    lead: str = ""
    line: bool = False
    item: bool = False
    bold: bool = False


@dataclass(slots=True)
class _Row:
    """A typed line while it is read: runs of letters, each bold or not."""

    runs: list[tuple[str, bool]] = field(default_factory=list)
    found: dict[str, Picture] = field(default_factory=dict)

    @property
    def bold(self) -> bool:
        """Whether there are letters, and all of them are bold."""
        written = [bold for run, bold in self.runs if any(map(str.isalnum, run))]
        return bool(written) and all(written)

    def block(self, *, item: bool) -> Block | None:
        """The line as a block, None if nothing is on it."""
        text, pictures = tidy("".join(run for run, _ in self.runs)), tuple(self.found.values())
        if not text and not pictures:
            return None
        if self.bold:
            return Block(0, text, "", pictures, item=item)
        plain = next((n for n, (run, bold) in enumerate(self.runs) if not bold and run.strip()), len(self.runs))
        return Block(0, "", text, pictures, tidy("".join(run for run, _ in self.runs[:plain])), line=True, item=item)


def parse(html: str) -> LexborNode | None:
    """The body of a page or fragment; NULs are dropped and lone surrogates replaced."""
    whole = html.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return LexborHTMLParser(whole).body


def tidy(text: str) -> str:
    """NFC lines without blank ones; every kind of blank is one blank, invisible characters are dropped."""
    text = _BLANKS.sub(" ", _DROPPED.sub("", unicodedata.normalize("NFC", text)))
    return "\n".join(line for line in (line.strip() for line in text.split("\n")) if line)


def lines(node: LexborNode) -> str:
    """What a person reads of an element, block elements on lines of their own, captions left out."""
    return tidy("".join(_raw(node)))


def blocks(root: LexborNode, link: str) -> Iterator[Block]:
    """The blocks below an element, wrappers opened; addresses of pictures are resolved against `link`."""
    loose: list[LexborNode] = []
    waiting: list[LexborNode | None] = [root.child]
    while waiting:
        node = waiting.pop()
        if node is None:
            yield from _paragraph(loose, link)
            loose = []
            continue
        waiting.append(node.next)
        if not _seen(node):
            continue
        if _opens(node):
            yield from _paragraph(loose, link)
            loose = []
            waiting.append(node.child)
        elif node.tag in _BLOCKS:
            yield from _paragraph(loose, link)
            loose = []
            yield from _block(node, link)
        else:
            loose.append(node)
            if node.tag == "br":
                yield from _paragraph(loose, link)
                loose = []


def pictures(node: LexborNode, link: str) -> tuple[Picture, ...]:
    """The pictures of an element in order, each address once, emoji and embedded data left out."""
    found: dict[str, Picture] = {}
    for part, opening in _walk(node):
        if opening and part.tag == "img" and not _emoji(part) and (picture := _picture(part, link)):
            found.setdefault(picture.url, picture)
    return tuple(found.values())


def _picture(image: LexborNode, link: str) -> Picture | None:
    url = _address(image, link)
    return Picture(url, tidy(image.attributes.get("alt") or "").replace("\n", " ")) if url else None


def _block(node: LexborNode, link: str) -> Iterator[Block]:
    tag = node.tag or ""
    if tag in HEADINGS:
        words = lines(node).replace("\n", " ")
        bold = all(row.bold for row in _rows([node], link) if row.runs)
        yield Block(HEADINGS[tag], words, "", pictures(node, link), bold=bold)
    elif tag in ("p", "div", *_ITEMS):
        yield from _paragraph([node], link)
    elif tag == "table" and (rows := _timed_rows(node)):
        for row in rows:
            yield from _row_blocks(row, link)
    else:
        text, found = lines(node), pictures(node, link)
        if text or found:
            yield Block(0, "", text, found)


def _timed_rows(table: LexborNode) -> list[LexborNode]:
    """The rows of a table that most of begin with a time, such as a log; nothing of any other table."""
    rows = [] if len(table.css("table")) > 1 else table.css("tr")
    clocks = [read_time(lines(cell).partition("\n")[0]) for row in rows if (cell := row.css_first("td, th"))]
    timed = sum(clock is not None and clock.time is not None for clock in clocks)
    return rows if timed and timed * 2 >= len(rows) else []


def _row_blocks(row: LexborNode, link: str) -> Iterator[Block]:
    """The line that a row begins with, its time before its first words, and the lines that follow in its cells."""
    cells = [lines(cell) for cell in row.css("td, th")]
    first, _, rest = "\n".join(cell for cell in cells[1:] if cell).partition("\n")
    said = [f"{cells[0]} {first}".strip() if cells else "", *rest.split("\n")]
    for number, line in enumerate(said):
        found = pictures(row, link) if number == 0 else ()
        if line or found:
            yield Block(0, "", line, found, line=True, item=True)


def _paragraph(nodes: list[LexborNode], link: str) -> Iterator[Block]:
    """A run of inline elements, line by line."""
    if not nodes:
        return
    item = _listed(nodes[0])
    for row in _rows(nodes, link):
        block = row.block(item=item)
        if block:
            yield block


def _rows(nodes: list[LexborNode], link: str) -> Iterator[_Row]:
    row, bold = _Row(), 0
    for root in nodes:
        for part, opening in _walk(root):
            if _strong(part):
                bold += 1 if opening else -1
            elif part.tag in _BLOCKS or (part.tag == "br" and opening):
                yield row
                row = _Row()
            elif opening and part.tag == "-text":
                row.runs.append((re.sub(r"\s+", " ", part.text_content or ""), bold > 0))
            elif opening and part.tag == "img":
                _note_image(row, part, link, bold > 0)
            elif part.tag in _CELLS:
                row.runs.append((" ", False))
    yield row


def _note_image(row: _Row, image: LexborNode, link: str, bold: bool) -> None:
    if _emoji(image):
        row.runs.append((image.attributes.get("alt") or "", bold))
    elif picture := _picture(image, link):
        row.found.setdefault(picture.url, picture)


def _listed(node: LexborNode) -> bool:
    parent = node.parent
    return node.tag in _ITEMS or (parent is not None and parent.tag in _ITEMS)


def _raw(root: LexborNode) -> Iterator[str]:
    for node, opening in _walk(root):
        tag = node.tag or ""
        if tag == "-text":
            if opening:
                yield re.sub(r"\s+", " ", node.text_content or "")
        elif tag == "br":
            yield "\n" if opening else ""
        elif tag == "img":
            yield (node.attributes.get("alt") or "") if opening and _emoji(node) else ""
        elif tag in _BLOCKS:
            yield "\n"
        elif tag in _CELLS:
            yield " "


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Each visible node twice, opening and closing. A loop: hostile pages nest deeper than Python recurses."""
    node: LexborNode | None = root if _seen(root) else None
    depth = 0
    while node is not None:
        yield node, True
        if node.child is not None and _seen(node):
            node, depth = node.child, depth + 1
            continue
        while True:
            if _seen(node):
                yield node, False
            if depth == 0:
                return
            if node.next is not None:
                node = node.next
                while not _seen(node) and node.next is not None:
                    node = node.next
                break
            node, depth = node.parent, depth - 1
            if node is None:
                return


def _seen(node: LexborNode) -> bool:
    if (node.tag or "") in _UNSEEN:
        return False
    if (node.tag or "-").startswith("-"):
        return True
    attributes = node.attributes
    return "hidden" not in attributes and _UNSEEN_CLASSES.isdisjoint((attributes.get("class") or "").split())


def _opens(node: LexborNode) -> bool:
    """Whether a block's children are read as blocks of the page: wrappers are, quotes and tables never."""
    tag = node.tag or ""
    if tag in _WRAPPERS:
        return tag != "div" or _holds_blocks(node)
    if tag in _LISTS:
        return tag not in _ITEMS or _holds_blocks(node)
    if tag in _OPAQUE or tag in HEADINGS or tag.startswith("-"):
        return False
    return node.child is not None and node.css_first(_ANY_HEADING) is not None


def _holds_blocks(node: LexborNode) -> bool:
    child = node.child
    while child is not None:
        if child.tag in _BLOCKS or (child.tag == "a" and child.css_first(_ANY_HEADING) is not None):
            return True
        child = child.next
    return False


def _strong(node: LexborNode) -> bool:
    if node.tag in ("b", "strong"):
        return True
    return node.tag == "span" and bool(_WEIGHT.search(node.attributes.get("style") or ""))


def _emoji(node: LexborNode) -> bool:
    return not _EMOJI_CLASSES.isdisjoint((node.attributes.get("class") or "").split())


def _address(image: LexborNode, link: str) -> str:
    """Pictures that load late carry their address in another attribute; data and scripts are no address."""
    for name in ("src", "data-src", "data-lazy-src", "data-orig-file"):
        url = (image.attributes.get(name) or "").strip()
        if not url or re.match(r"(?!https?:)[a-z][a-z0-9+.-]*:", url, re.IGNORECASE):
            continue
        try:
            return urljoin(link, url)
        except ValueError:
            continue
    return ""
