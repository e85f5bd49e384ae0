"""Parameters of a layout's configuration, with their defaults and limits."""

from collections.abc import Callable, Mapping

from archive.ocfl.algorithms import ALGORITHMS

Folder = Callable[[str], str]
"""From the id of an object to its folder relative to the storage root. Raises ValueError for an id that the layout has no folder for."""
_MOST = 32


def text(config: Mapping[str, object], name: str, default: str) -> str:
    """A text that is not empty.

    Raises:
        ValueError: it is not.
    """
    found = config.get(name, default)
    if not isinstance(found, str) or not found:
        raise ValueError(f"{name} is not a text with at least one character")
    return found


def flag(config: Mapping[str, object], name: str) -> bool:
    """True or false, false when it is not set.

    Raises:
        ValueError: it is neither.
    """
    found = config.get(name, False)
    if not isinstance(found, bool):
        raise ValueError(f"{name} is neither true nor false")  # noqa: TRY004 - whoever reads a configuration expects one kind of error
    return found


def tuples(config: Mapping[str, object], least: int = 0) -> tuple[int, int]:
    """(characters of a tuple, number of tuples), three by three when not set.

    Raises:
        ValueError: no whole numbers from ``least`` to 32, or only one of both is 0.
    """
    size, number = config.get("tupleSize", 3), config.get("numberOfTuples", 3)
    for found in (size, number):
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= _MOST:
            raise ValueError(f"tupleSize and numberOfTuples are not whole numbers from {least} to {_MOST}")
    if bool(size) != bool(number):
        raise ValueError("of tupleSize and numberOfTuples only one is 0")
    return int(str(size)), int(str(number))


def digest_of(config: Mapping[str, object]) -> Callable[[str], str]:
    """The digest of an id, in lower-case hexadecimal.

    Raises:
        ValueError: an algorithm that is not known here.
    """
    name = text(config, "digestAlgorithm", "sha256")
    if name not in ALGORITHMS:
        raise ValueError(f"digestAlgorithm is {name!r:.80}")
    return lambda object_id: ALGORITHMS[name](object_id.encode()).hexdigest()


def hashed_folders(config: Mapping[str, object]) -> Callable[[str], tuple[str, list[str]]]:
    """From an id to its digest and the folders that the digest leads through.

    Raises:
        ValueError: wrong parameters, or more characters in the tuples than the digest has.
    """
    digest, (size, number) = digest_of(config), tuples(config)
    if size * number > len(digest("")):
        raise ValueError("the tuples have more characters than the digest")

    def folders(object_id: str) -> tuple[str, list[str]]:
        found = digest(object_id)
        return found, [found[start : start + size] for start in range(0, size * number, size or 1)]

    return folders


def without_prefix(config: Mapping[str, object], default: str) -> Folder:
    """From an id to what stands after the last delimiter, its case disregarded.

    Raises:
        ValueError: no delimiter in the configuration, or nothing behind it in the id.
    """
    delimiter = text(config, "delimiter", default).casefold()

    def cut(object_id: str) -> str:
        folded = object_id.casefold() if len(object_id.casefold()) == len(object_id) else object_id
        found = folded.rfind(delimiter)
        rest = object_id[found + len(delimiter) :] if found >= 0 else object_id
        if not rest:
            raise ValueError(f"nothing after the last {delimiter!r}")
        return rest

    return cut
