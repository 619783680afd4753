"""schema.org LiveBlogPosting as microdata: the same values as JSON-LD gives, from the elements of the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborNode

_ADDRESSES = {"a": "href", "link": "href", "area": "href", "img": "src", "source": "src", "object": "data"}
_MOST = 5000  # elements of one update that are looked at
_MOST_BLOGS = 5  # of one page; more would lie inside each other


def live_blogs(body: LexborNode) -> list[dict[str, Any]]:
    """The LiveBlogPostings of the page in its order, each with its `liveBlogUpdate` list."""
    found = [node for node in body.css("[itemscope][itemtype]") if _is(node, "LiveBlogPosting")]
    return [{"@type": "LiveBlogPosting", "liveBlogUpdate": _updates(node)} for node in found[:_MOST_BLOGS]]


def _updates(blog: LexborNode) -> list[dict[str, Any]]:
    return [_item(each) for each in blog.css("[itemscope]") if _named(each, "liveBlogUpdate")]


def _item(node: LexborNode) -> dict[str, Any]:
    """The properties of one update. The first value of a name counts."""
    item: dict[str, Any] = {"@type": "BlogPosting"}
    own = node.attributes.get("itemid") or (f"#{node.attributes['id']}" if node.attributes.get("id") else "")
    if own:
        item["@id"] = own
    for part in _own(node):
        for name in (part.attributes.get("itemprop") or "").split():
            item.setdefault(name, _value(part, name))
    return item


def _own(root: LexborNode) -> Iterator[LexborNode]:
    """The elements with properties that belong to this item and to no item inside it."""
    waiting, looked = [root.child], 0
    while waiting and looked < _MOST:
        node, looked = waiting.pop(), looked + 1
        if node is None:
            continue
        waiting.append(node.next)
        if node.attributes.get("itemprop"):
            yield node
        if "itemscope" not in node.attributes:
            waiting.append(node.child)


def _value(node: LexborNode, name: str) -> Any:
    if "itemscope" in node.attributes:
        return _item(node)
    said = node.attributes.get("content") or node.attributes.get("datetime")
    if said:
        return said
    if (node.tag or "") in _ADDRESSES:
        return node.attributes.get(_ADDRESSES[node.tag or ""]) or ""
    return node.inner_html or "" if name in ("articleBody", "text", "description") else node.text()


def _is(node: LexborNode, kind: str) -> bool:
    return any(each.rpartition("/")[2] == kind for each in (node.attributes.get("itemtype") or "").split())


def _named(node: LexborNode, name: str) -> bool:
    return name in (node.attributes.get("itemprop") or "").split()
