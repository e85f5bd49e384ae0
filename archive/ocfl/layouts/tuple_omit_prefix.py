"""OCFL extension 0007-n-tuple-omit-prefix-storage-layout: folders cut from what follows the last delimiter in the id, padded with zeros."""

from collections.abc import Mapping

from archive.ocfl.layouts.parameters import Folder, flag, text, tuples, without_prefix

NAME = "0007-n-tuple-omit-prefix-storage-layout"


def configured(config: Mapping[str, object]) -> Folder:
    """The mapping with these parameters.

    Raises:
        ValueError: parameters that the extension does not allow.
    """
    cut, (size, number) = without_prefix(config, ":"), tuples(config, 1)
    padding, backwards = text(config, "zeroPadding", "left"), flag(config, "reverseObjectRoot")
    if padding not in {"left", "right"}:
        raise ValueError("zeroPadding is neither left nor right")

    def folder(object_id: str) -> str:
        name = cut(object_id)
        if not (name.isascii() and name.isprintable()):
            raise ValueError("this layout is for ids in ASCII")
        padded = name.rjust(size * number, "0") if padding == "left" else name.ljust(size * number, "0")
        padded = padded[::-1] if backwards else padded
        return "/".join((*(padded[start : start + size] for start in range(0, size * number, size)), name))

    return folder
