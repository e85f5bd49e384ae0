"""XML from outside, without entities, networks or endless depth, and the lists of numbers that Collada and 3MF keep in it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.readers.meshes import refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BYTES = 1 << 30


def parsed(content: bytes) -> Any:
    """The root element, names without their namespaces.

    Raises:
        UnreadableError: not well formed, or it declares entities.
    """
    from lxml import etree

    if b"<!ENTITY" in content or len(content) > MOST_BYTES:
        raise refusal("its XML declares entities, or is larger than 1 GiB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refusal("its XML is damaged", str(error)) from error
    for element in root.iter():
        _, _, element.tag = element.tag.rpartition("}")
    return root


def numbers(element: Any, kind: Any = np.float64) -> "NDArray[Any]":
    """The numbers in an element's text; none where there is no element.

    Raises:
        UnreadableError: something in it is no number.
    """
    try:
        return np.array((element.text or "").split() if element is not None else [], kind)
    except (ValueError, OverflowError) as error:
        raise refusal("a list in it holds something that is no number", str(error)) from error
