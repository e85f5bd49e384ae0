"""The styles of a drawing, turned into attributes of its elements: a page with a strict policy allows no style sheets inside pictures.

Read are plain rules: selectors of element names, classes and ids, one inside another; properties that SVG knows as attributes
(https://www.w3.org/TR/SVG2/styling.html#PresentationAttributes). Anything else in a sheet is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

PROPERTIES = frozenset(
    """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset stroke-linecap stroke-
    linejoin stroke-miterlimit opacity color display visibility clip-path clip-rule stop-color stop-opacity font-family
    font-size font-style font-weight font-variant letter-spacing word-spacing text-anchor text-decoration dominant-baseline
    baseline-shift writing-mode vector-effect paint-order shape-rendering text-rendering
    """.split()  # noqa: SIM905 - forty names one below another hide the code
)
MOST_RULES = 300
_LONGEST = 200_000
_FORBIDDEN = re.compile(r"[\\<>{};@&]|expression|javascript|/\*", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*(['\"]?)#[\w.-]+\1\s*\)(?:\s+(?:none|#[0-9a-fA-F]{3,8}|[a-z]+))?")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_PART = re.compile(r"(\*|[A-Za-z]+)?((?:[.#][\w-]+)*)")
_FONT = re.compile(r"(?:(italic|oblique)\s+)?(?:(bold|normal|[1-9]00)\s+)?([\d.]+(?:px|pt|mm|em|%)?)(?:/\S+)?\s+(.+)")


@dataclass(frozen=True, slots=True)
class StyleRule:
    """A rule: what it holds for (outermost part first) and what it says, weighed by the rules of the cascade."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    weight: tuple[int, int, int]
    says: tuple[tuple[str, str], ...]


def is_plain_value(value: str) -> bool:
    """Whether a value can do nothing but draw: no escape, no markup, no reference to anything outside the drawing."""
    if _FORBIDDEN.search(value):
        return False
    lowered = value.lower()
    return ("url" not in lowered and "image" not in lowered and ":" not in value) or _REFERENCE.fullmatch(value.strip()) is not None


def declarations(text: str) -> Iterator[tuple[str, str]]:
    """The properties of a style that are attributes of SVG too; ``font`` in its parts."""
    for declaration in text.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), re.sub(r"\s*!important\s*$", "", value.strip())
        if name == "font" and (font := _FONT.fullmatch(value)) is not None and is_plain_value(value):
            pairs = zip(("font-style", "font-weight", "font-size", "font-family"), font.groups(), strict=True)
            yield from ((part, words) for part, words in pairs if words)
        elif name in PROPERTIES and value and is_plain_value(value):
            yield name, value


def read_rules(sheet: str) -> tuple[StyleRule, ...]:
    """The rules of a style sheet that can be followed, the weakest first."""
    plain = re.sub(r"/\*.*?(?:\*/|\Z)", " ", sheet[:_LONGEST], flags=re.DOTALL)
    rules: list[StyleRule] = []
    for match in _RULE.finditer(plain):
        says = tuple(declarations(match[2]))
        for selector in match[1].split(",") if says else ():
            parts = _parts(selector)
            if parts and len(rules) < MOST_RULES:
                rules.append(StyleRule(parts, _weight(parts), says))
    return tuple(sorted(rules, key=lambda rule: rule.weight))


def _parts(selector: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Element names and marks of a selector; () where it asks for more than that."""
    found = []
    for word in selector.split():
        match = _PART.fullmatch(word)
        if match is None:
            return ()
        found.append(((match[1] or "*"), tuple(re.findall(r"[.#][\w-]+", match[2]))))
    return tuple(found)


def _weight(parts: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[int, int, int]:
    marks = [mark for _, each in parts for mark in each]
    ids = sum(mark.startswith("#") for mark in marks)
    return ids, len(marks) - ids, sum(name != "*" for name, _ in parts)


def styled(node: "_Element", rules: tuple[StyleRule, ...]) -> dict[str, str]:
    """What the rules say of an element."""
    if not rules:
        return {}
    own, around = _traits(node), [_traits(above) for above in node.iterancestors()]
    return {name: value for rule in rules if _fits(rule.parts[-1], own) and _lies_inside(rule, around) for name, value in rule.says}


def _lies_inside(rule: StyleRule, around: list[frozenset[str]]) -> bool:
    """Whether the outer parts of a selector are found among the elements around, the nearest first."""
    outer = list(rule.parts[:-1])
    for traits in around if outer else ():
        if outer and _fits(outer[-1], traits):
            outer.pop()
    return not outer


def _traits(node: "_Element") -> frozenset[str]:
    """What a selector may ask of an element: its name, its classes, its id."""
    return frozenset(("*", str(node.tag).rpartition("}")[2], f"#{node.get('id')}", *(f".{mark}" for mark in node.get("class", "").split())))


def _fits(part: tuple[str, tuple[str, ...]], traits: frozenset[str]) -> bool:
    return part[0] in traits and traits.issuperset(part[1])
