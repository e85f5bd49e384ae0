"""``ditich label SITE``: gives signs with a QR their codes and prints them; takes one down with its story."""

import argparse
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home
    from archive.records.site import Site
    from pipeline.labels.register import Target


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("site", metavar="SITE", nargs="?", default="", help=words("label.site"))
    parser.add_argument("--scene", action="append", default=[], metavar="ID", help=words("label.scene"))
    parser.add_argument("--all-scenes", action="store_true", help=words("label.all-scenes"))
    parser.add_argument("--asset", action="append", default=[], metavar="ARK", help=words("label.asset"))
    parser.add_argument("--out", type=Path, default=Path(), metavar=words("folder"), help=words("label.out"))
    parser.add_argument("--address", default="", metavar="https://…", help=words("label.address"))
    parser.add_argument("--practice", action="store_true", help=words("label.practice"))
    parser.add_argument("--retire", default="", metavar="CODE", help=words("label.retire"))
    parser.add_argument("--story", action="append", default=[], metavar="TEXT|vi=TEXT", help=words("label.story"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Prints signs, or retires one."""
    from archive.home import open_home

    home = open_home(arguments.home)
    if arguments.retire:
        return _retire(home, arguments, console)
    return _print(home, _site(home, arguments.site), arguments, console)


def _site(home: "Home", name: str) -> "Site":
    from pipeline.site_archive import archived_sites, find_site

    if name:
        return find_site(home, name)
    known = archived_sites(home)
    example = known[0].slug if known else "SITE"
    advice, values = f"For example: ditich label {example}", {"example": example}
    raise UsageError("Name the site that the signs are for.", advice=advice, code="label-no-site", values=values)


def _print(home: "Home", site: "Site", arguments: argparse.Namespace, console: Console) -> int:
    from archive.records.text import Language
    from archive.storage.refusals import Refusals
    from pipeline.labels.drawing import pdf, svg
    from pipeline.labels.register import issue, numbers, require_name
    from pipeline.labels.sign import draw, sign_for
    from pipeline.words import load_words

    address = _address(home, arguments.address)
    require_name(home, practice=arguments.practice)
    wanted = [replace(one, address=address) for one in _targets(home, site, arguments)]
    _warn(home, site, address, console)
    issued = issue(home, site, wanted, practice=arguments.practice, now=datetime.now(UTC))
    stops = numbers(home, site)
    words = {language: load_words(language) for language in Language}
    made: list[dict[str, Any]] = []
    with Refusals(str(arguments.out)):
        arguments.out.mkdir(parents=True, exist_ok=True)
        for label in issued.labels:
            sign = sign_for(label, address=address, name=site.name, archive=home.config.name)
            drawing = draw(sign, words)
            stop = f"{stops[label.ark]}" if label.ark in stops else ""
            title = next(iter(label.title.best(console.words.language) or ()), "")
            named = next(iter(label.title.best(Language.VI) or ()), "")
            name = "-".join(filter(None, (site.slug, stop, _plain(named), label.code)))
            files = [arguments.out / f"{name}.{form}" for form in ("pdf", "svg")]
            for path, content in zip(files, (pdf([drawing]), svg(drawing)), strict=True):
                path.write_bytes(content)
            console.say(
                "label.printed",
                code=label.code,
                what=" ".join(filter(None, (stop, title or site.slug))),
                address=sign.address,
                path=files[0],
            )
            made.append({"code": label.code, "address": sign.address, "ark": label.ark, "files": [str(path) for path in files]})
    console.say("label.kept", count=len(made), new=issued.new, version=issued.version)
    console.say("label.publish", slug=site.slug)
    console.document({"site": site.ark, "labels": made, "new": issued.new, "version": issued.version, "practice": arguments.practice})
    return 0


def _plain(title: str) -> str:
    """A title as a part of a file name: folded, ASCII, at most forty characters."""
    from archive.records.folding import fold

    words = fold(title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:40].rstrip("-")


def _warn(home: "Home", site: "Site", address: str, console: Console) -> None:
    """What is hardly meant on a sign that hangs for years."""
    from urllib.parse import urlsplit

    from pipeline.labels.register import read_register

    if address.startswith("http:"):
        console.say("label.warn-http", address=address)
    earlier = {urlsplit(one.address).netloc for one in read_register(home, site.ark).labels if one.address and not one.retired}
    if others := earlier - {urlsplit(address).netloc}:
        console.say("label.warn-host", address=address, others=", ".join(sorted(others)))
    if home.config.name == home.root.resolve().name:
        console.say("label.warn-name", name=home.config.name)


def _targets(home: "Home", site: "Site", arguments: argparse.Namespace) -> "tuple[Target, ...]":
    from pipeline.labels.register import every_scene, targets

    scenes = [*arguments.scene, *(every_scene(home, site) if arguments.all_scenes else ())]
    if arguments.all_scenes and not scenes:
        raise UsageError(f"“{site.slug}” has no scenes.", advice="Leave --all-scenes out for the sign of the site.", code="no-scenes")
    return targets(home, site, scenes, arguments.asset)


def _address(home: "Home", given: str) -> str:
    """Where visitors come: as given, else as the archive says.

    Raises:
        UsageError: neither says it, or it is no address.
    """
    address = str(given or home.config.address)
    if not address.startswith(("https://", "http://")):
        raise UsageError(
            "A sign needs the public address of the viewer.",
            advice='Add --address https://…, or write address = "https://…" into ditich.toml.',
            code="label-address",
        )
    return address.rstrip("/")


def _retire(home: "Home", arguments: argparse.Namespace, console: Console) -> int:
    from archive.records.text import LocalText
    from pipeline.labels.register import retire, site_of

    texts: dict[str, str | None] = {}
    for story in arguments.story:
        language, found, text = story.partition("=")
        known = found and language in {"vi", "en", "th"}
        texts[language if known else console.words.language.value] = text if known else story
    if not texts:
        advice = 'Add --story "…": what became of it, and where visitors should look now.'
        raise UsageError("A retired sign tells its story.", advice=advice, code="label-no-story")
    site = site_of(home, arguments.retire.lower())
    label = retire(home, site, arguments.retire.lower(), LocalText(**texts), datetime.now(UTC))
    console.say("label.retired", code=label.code, slug=site.slug)
    console.say("label.publish", slug=site.slug)
    console.document({"code": label.code, "site": site.ark, "retired": label.retired})
    return 0
