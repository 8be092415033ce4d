"""A small writer of XML: the samples need control over prefixes, encodings and line ends."""

from xml.sax.saxutils import escape, quoteattr


class Element:
    def __init__(self, tag, children, attributes):
        self.tag, self.attributes = tag, attributes
        self.children = [c for c in children if c is not None]


def e(tag, *children, **attributes):
    """An element; None among the children is left out, a list is taken apart."""
    flat = []
    for child in children:
        flat.extend(child) if isinstance(child, list) else flat.append(child)
    return Element(tag, flat, {k.replace("__", ":"): v for k, v in attributes.items() if v is not None})


def opt(tag, value, **attributes):
    """The element if there is a value."""
    return None if value in (None, "") else e(tag, str(value), **attributes)


def text(node, indent="  ", end="\n", prefixes=None, level=0):
    """The element as text. prefixes: changes of the prefixes in the tags; "" stands for no prefix."""
    head, colon, rest = node.tag.rpartition(":")
    head = (prefixes or {}).get(head, head)
    tag = f"{head}:{rest}" if head else rest
    attributes = "".join(f" {k}={quoteattr(v)}" for k, v in node.attributes.items())
    lead, tail = indent * level, end
    if not node.children:
        return f"{lead}<{tag}{attributes}/>{tail}"
    if all(isinstance(c, str) for c in node.children):
        return f"{lead}<{tag}{attributes}>{escape(''.join(node.children))}</{tag}>{tail}"
    inner = "".join(text(c, indent, end, prefixes, level + 1) for c in node.children)
    return f"{lead}<{tag}{attributes}>{end}{inner}{lead}</{tag}>{tail}"
