"""A whole freeze of the museum: every file is there under a name that every disk takes, every link leads somewhere."""

import contextlib
import gzip
import io
import json
import re
import shutil
from pathlib import Path

import brotli
import pytest

from archive.errors import ConflictError, DamageError, NotFoundError, StorageError
from archive.publications.write import withdraw
from tests.archive.publications.builders import PHOTO, SLUG
from tests.viewer.builders import write_museum
from viewer.freeze import folder as folders
from viewer.freeze.__main__ import main
from viewer.freeze.folder import MANIFEST, require_room, verify
from viewer.freeze.links import broken_links
from viewer.freeze.run import USB, Wish, freeze, preview

ADDRESS = "https://tour.example/mau"


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_museum(tmp_path_factory.mktemp("museum"))


@pytest.fixture(scope="module")
def copy(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("frozen") / "cdn"
    freeze(Wish(museum, SLUG, target, address=ADDRESS))
    return target


@pytest.fixture(scope="module")
def told(museum: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy for a memory stick, made by the command, and what the command said."""
    target = tmp_path_factory.mktemp("frozen") / "usb"
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(said):
        patched.setenv("DITICH_LANG", "en")
        assert main([SLUG, str(target), "--as", "usb", "--publications", str(museum)]) == 0
    return target, said.getvalue()


@pytest.fixture(scope="module")
def stick(told: tuple[Path, str]) -> Path:
    return told[0]


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_link_of_both_copies_leads_somewhere(copy: Path, stick: Path) -> None:
    assert len(pages(copy)) > 40
    assert broken_links(copy) == []
    assert broken_links(stick) == []


def test_a_link_to_nothing_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "index.html").write_text(
        '<a href="a/">x</a><a href="#here">y</a><i id="here"></i><img srcset="b.png 1x, c.png 2x" src="a/">'
    )
    (tmp_path / "a/index.html").write_text('<div data-x=\'{"u": "../gone.jpg"}\'></div><a href="../#here"></a><a href="../#there"></a>')
    (tmp_path / "s.css").write_text("a{background:url(d.png)}")
    (tmp_path / "s.js").write_text('import"./e.js"')
    assert {one.link for one in broken_links(tmp_path)} == {"b.png", "c.png", "../gone.jpg", "../#there", "d.png", "./e.js"}


def test_names_are_good_for_every_disk(copy: Path) -> None:
    names = [path.relative_to(copy).as_posix() for path in copy.rglob("*")]
    assert [name for name in names if re.search(r'[:*?"<>|\\]', name) or any(len(part.encode()) > 255 for part in name.split("/"))] == []
    assert len({name.casefold() for name in names}) == len(names)


def test_no_address_begins_at_the_root(copy: Path, stick: Path) -> None:
    for page in [*pages(copy), *pages(stick)]:
        found = re.findall(r'\s(?:href|src|action|data-[a-z-]+)="(/[^"]*)"', page.read_text(encoding="utf-8"))
        assert found == [], page
    assert all("ditich.invalid" not in page.read_text(encoding="utf-8") for page in pages(stick))


def test_a_page_carries_its_policy_only_where_a_server_can_keep_it(copy: Path, stick: Path) -> None:
    page = (copy / f"vi/{SLUG}/index.html").read_text(encoding="utf-8")
    assert 'http-equiv="Content-Security-Policy"' in page
    assert "frame-ancestors" not in page
    assert "Content-Security-Policy" not in (stick / f"vi/{SLUG}/index.html").read_text(encoding="utf-8")


def test_a_stick_names_pages_and_holds_scripts_back(stick: Path) -> None:
    page = (stick / f"vi/{SLUG}/index.html").read_text(encoding="utf-8")
    assert 'type="module"' not in page
    assert re.search(r'href="[^"]*/"', page) is None
    assert {"serve.py", "serve.bat", "serve.sh", "index.html"} <= {path.name for path in stick.iterdir()}


def test_compressed_copies_say_the_same(copy: Path) -> None:
    page = copy / f"vi/{SLUG}/index.html"
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == page.read_bytes()
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()


def test_tiles_are_level_0_with_the_address_of_the_copy(copy: Path) -> None:
    said = json.loads(next(copy.rglob("info.json")).read_bytes())
    assert said["profile"] == "level0"
    assert said["id"].startswith(f"{ADDRESS}/iiif/{SLUG}/")


def test_the_list_says_what_is_in_it(stick: Path, tmp_path: Path) -> None:
    target = shutil.copytree(stick, tmp_path / "usb")
    said = json.loads((target / MANIFEST).read_bytes())
    assert (said["slug"], said["generation"], PHOTO in said["assets"]) == (SLUG, 1, True)
    assert verify(target) == []
    (target / "robots.txt").write_text("x")
    (target / "serve.sh").unlink()
    (target / "more").write_text("x")
    assert verify(target) == ["missing: serve.sh", "extra: more", "changed: robots.txt"]


def test_a_folder_that_is_not_ours_stays_as_it_is(museum: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    with pytest.raises(ConflictError, match="other things"):
        freeze(Wish(museum, SLUG, tmp_path / "mine", replace=True))
    with pytest.raises(ConflictError, match="is a file"):
        freeze(Wish(museum, SLUG, tmp_path / "mine/letter.txt"))
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "letter.txt"]


def test_an_earlier_copy_is_replaced_only_when_that_is_said(museum: Path, copy: Path, tmp_path: Path) -> None:
    target = shutil.copytree(copy, tmp_path / "copy")
    with pytest.raises(ConflictError, match="earlier copy"):
        freeze(Wish(museum, SLUG, target, form=USB))
    freeze(Wish(museum, SLUG, target, form=USB, replace=True))
    assert json.loads((target / MANIFEST).read_bytes())["form"] == "usb"
    assert not (target / "404.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_preview_writes_nothing(museum: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    made = preview(Wish(museum, SLUG, tmp_path / "copy"), lambda stage, *_: seen.append(stage))
    assert made.files > 100
    assert made.missing == ()
    assert set(seen) == {"pages"}
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_published_is_not_frozen(tmp_path: Path) -> None:
    root = write_museum(tmp_path)
    with pytest.raises(NotFoundError, match="Nothing is published"):
        freeze(Wish(root, "nowhere", tmp_path / "copy"))
    withdraw(root, SLUG)
    with pytest.raises(NotFoundError, match="Nothing is published"):
        freeze(Wish(root, SLUG, tmp_path / "copy"))


def test_too_little_room_is_said_first(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="are free"):
        require_room(tmp_path / "not/there/yet", 1 << 60)


def test_two_files_of_one_name_stop_it(tmp_path: Path) -> None:
    folder = folders.begin(tmp_path / "copy", replace=False)
    folder.write("a.txt", b"1")
    folder.write("a.txt", b"1")
    with pytest.raises(DamageError):
        folder.write("A.txt", b"1")
    with pytest.raises(DamageError):
        folder.write("a.txt", b"2")
    folder.discard()
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_what_it_did(
    museum: Path, told: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DITICH_LANG", "en")
    here = ["--publications", str(museum)]
    assert "cannot be recalled" in told[1]
    assert "serve.bat" in told[1]
    assert "Without --address" not in told[1]
    assert main([SLUG, str(told[0]), "--json", *here]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "ConflictError"
    assert main([SLUG, str(tmp_path / "copy"), "--dry-run", *here]) == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("argv", "words"),
    [([], "usage"), (["x", "--address", "ftp://x"], "begins with https"), (["x", "--as", "usb", "--address", "https://x"], "--as cdn")],
)
def test_a_wrong_command_is_refused(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DITICH_LANG", "en")
    assert main([SLUG, *argv]) == 3
    assert words in capsys.readouterr().err


def test_the_first_page_shows_the_site_and_asks_for_a_language(copy: Path, stick: Path) -> None:
    for folder in (copy, stick):
        page = (folder / "index.html").read_text(encoding="utf-8")
        shown = re.search(r'<img src="([^"]+)"', page)
        assert shown is not None
        assert (folder / shown[1]).is_file()
        assert re.findall(r'hreflang="(\w+)"', page) == ["vi", "en", "th"]
        assert ("serve.bat" in page, "choose.js" in page) == ((True, False) if folder == stick else (False, True))


def test_a_copy_without_an_address_has_no_codes_and_says_so(copy: Path, stick: Path) -> None:
    with_codes, without = ((folder / f"en/{SLUG}/book/index.html").read_text(encoding="utf-8") for folder in (copy, stick))
    assert 'class="qr"' in with_codes
    assert f"{ADDRESS.removeprefix('https://')}/en/{SLUG}/scene/" in with_codes.replace("<wbr>", "")
    assert 'class="qr"' not in without
    assert "no QR codes" in without
    scene = next((stick / f"en/{SLUG}/scene").glob("*/index.html")).read_text(encoding="utf-8")
    assert "data-share" not in scene
    assert "data-share" in next((copy / f"en/{SLUG}/scene").glob("*/index.html")).read_text(encoding="utf-8")
