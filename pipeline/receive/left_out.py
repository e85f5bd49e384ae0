"""Which files of a card are not material: leavings of operating systems, and hidden files. They are listed, never silently dropped."""

_SYSTEM_FILES = {b"thumbs.db", b"ehthumbs.db", b"ehthumbs_vista.db", b"desktop.ini", b".ds_store", b"icon\r", b"autorun.inf"}
_SYSTEM_FOLDERS = {
    b"__macosx",
    b".spotlight-v100",
    b".trashes",
    b".trash",
    b".fseventsd",
    b".temporaryitems",
    b".documentrevisions-v100",
    b"$recycle.bin",
    b"system volume information",
    b"lost.dir",
}


def reason_to_leave_out(name: bytes) -> str:
    """Why a file of this deposit path is left out ("system-file", "hidden"), or "" when it is received."""
    *folders, last = name.split(b"/")
    for folder in folders:
        if reason := folder_reason(folder):
            return reason
    if last.lower() in _SYSTEM_FILES or last.startswith(b"._"):
        return "system-file"
    return "hidden" if last.startswith(b".") else ""


def folder_reason(name: bytes) -> str:
    """Why a folder of this name is left out with all that is in it, or ""."""
    if name.lower() in _SYSTEM_FOLDERS:
        return "system-file"
    return "hidden" if name.startswith(b".") and name not in {b".", b".."} else ""
