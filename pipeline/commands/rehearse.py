"""``ditich rehearse FOLDER``: makes the training deposit of the model communal house."""

import argparse
from pathlib import Path

from archive.errors import ConflictError
from pipeline.console import Console
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words("rehearse.folder"))
    parser.add_argument("--small", action="store_true", help=words("rehearse.small"))
    parser.add_argument("--seed", type=int, default=2026, help=words("rehearse.seed"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Builds the house, surveys it, writes the folder and the truth beside it."""
    from pipeline.rehearsal import rehearse

    folder: Path = arguments.folder
    if folder.exists() and any(folder.iterdir()):
        raise ConflictError(f"“{folder}” is not empty; nothing was written.", advice="Name a new folder.")
    with console.progress("rehearse.progress", "steps") as progress:
        rehearse(folder, seed=arguments.seed, small=arguments.small, progress=progress)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    truth = folder.with_name(folder.name + ".truth.json")
    console.say("rehearse.done", folder=folder, files=len(files), truth=truth)
    console.document({"folder": str(folder), "files": files, "truth": str(truth)})
    return 0
