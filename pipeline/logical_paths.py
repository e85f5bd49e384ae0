"""From a deposit path, byte-exact, to the logical path of an archived object.

OCFL 1.1 §3.5.1 forbids "." and ".." and empty parts in logical paths, and inventories are UTF-8 JSON. So bytes that are not UTF-8 are
percent-encoded, control characters too, and "%" itself, which makes it reversible. Everything else stands as delivered: NFC and NFD apart.
"""

from urllib.parse import unquote_to_bytes


def logical_path(prefix: str, path_hex: str) -> str:
    """``prefix/<path>`` for the exact bytes of a deposit path."""
    text = bytes.fromhex(path_hex).decode("utf-8", "surrogateescape")
    return f"{prefix}/" + "/".join(_part(part) for part in text.split("/"))


def exact_bytes(logical: str) -> bytes:
    """The deposit path's bytes of a logical path (without its prefix)."""
    return unquote_to_bytes(logical.partition("/")[2])


def _part(part: str) -> str:
    if part in {"", ".", ".."}:
        return "%2E" * len(part) or "%"
    return "".join(_character(one) for one in part)


def _character(one: str) -> str:
    if one == "%" or one < " " or one == "\x7f" or "\udc80" <= one <= "\udcff":
        return "".join(f"%{byte:02X}" for byte in one.encode("utf-8", "surrogateescape"))
    return one
