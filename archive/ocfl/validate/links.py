"""Links and special files where nothing else is judged: logs, extensions, folders that a validator ignores (section 4.6)."""

import os

from archive.ocfl.validate.findings import Notes


def judge_links(root: str, folder: str, notes: Notes) -> int:
    """Look for links and special files below a folder; the number of entries that are no folders, what cannot be read included.

    Args:
        root: the folder of the notes.
        folder: relative to it.
        notes: what is found goes there.
    """
    waiting = [folder]
    files = 0
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(f"{root}/{here}") as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(f"{here}/{entry.name}")
                    else:
                        files += 1
                        _judge(entry, f"{here}/{entry.name}", notes)
        except OSError as error:
            notes.unread(here, error)
            files += 1
    return files


def note_odd(path: str, notes: Notes, *, link: bool) -> None:
    """Note a link, or a pipe, socket or device."""
    if link:
        notes.found("E090", path, "a link")
    else:
        notes.found("E089", path, "neither a file nor a folder")


def _judge(entry: os.DirEntry[str], path: str, notes: Notes) -> None:
    if not entry.is_file(follow_symlinks=False):
        note_odd(path, notes, link=entry.is_symlink())
    elif (links := entry.stat(follow_symlinks=False).st_nlink) > 1:
        notes.found("E090", path, f"the file has {links} names")
