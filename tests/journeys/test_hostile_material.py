"""One site whose every public word is an attack and whose every hidden one a secret, through the whole pipeline to every answer.

Nothing runs even where the content security policy is taken away, nothing that is kept back is served, lies in the publication or in a
frozen copy, and what is withdrawn is gone from a running server with its next answer.
"""

import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import hostile_deposit
from tests.journeys.conftest import serving
from tests.journeys.ditich_command import document
from tests.journeys.hostile_deposit import DOORS, EAST, LATITUDE, LONGITUDE, NORTH, SLUG, WITHDRAWN, attack, marker, secret
from tests.journeys.served import everything_served, files_below, found_in
from tests.viewer.builders import visiting

pytestmark = pytest.mark.timeout(300)
NEEDLES = (
    secret("").encode(),
    *(text.encode() for text in ("16.0789", "108.1912", "16,4.73", "108,11.47", "44.0832", "28.4424", "546879", "1777374", "0905 123")),
    *(struct.pack(form, value) for value in (EAST, NORTH, LATITUDE, LONGITUDE) for form in ("<d", ">d", "<f", ">f")),
    *(struct.pack(form, 27552, 625) for form in ("<2I", ">2I")),
)
"""The secrets, and the hidden places as degrees, as minutes, as metres, as numbers and as EXIF's fractions (44.0832″ = 27552/625)."""
QUESTIONS = (
    "", secret(""), "SECRET", "0905 123 456", "16.0789", "custodian", "door", attack("question"), '" OR 1=1 NEAR(a b) *', "a" * 3000,
)  # fmt: skip
OPENED = frozenset(["text/html", "application/xml", "application/rss+xml", "image/svg+xml", "text/vtt", "application/json", "text/plain"])
KINDS = ("/iiif/", "/media/", "/export/", "/oembed?", "/activity/page", "/search?", "/guide/", "/book", "/embed", "offline.json")
SILENT = (
    "-access", "-file-name", "-nature", "-rights-holder", "-make", "-model", "-words", "default-creator", "folder", "name", "glb", "plan",
    "-note", "-now", "epochs-vi", "epochs-en", "epochs-th", "tour-title-vi", "tour-title-en", "tour-title-th", "reduced-credit", "control",
    "question",
)  # fmt: skip
"""Doors that lead nowhere: no page shows these fields, or the pipeline refuses or strips what stands in them."""
WATCH = """
  window.executed = []; window.hit = door => window.executed.push(door); window.refusals = [];
  document.addEventListener('securitypolicyviolation', e => window.refusals.push(e.violatedDirective + ' ' + e.blockedURI));
"""
INTRUDERS = (
    "iframe, object, embed, base, style, [srcdoc], [onload], [onerror], [onmouseover], [onfocus], "
    "[href^='javascript' i], [href^='data:text' i]"
)


class Published:
    """The hostile site in an archive of its own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.root = self.home / "publications"

    def ark_of(self, file: str) -> str:
        """The ARK of the asset that was delivered under this name."""
        for path in (self.home / "storage").rglob("record.json"):
            content = path.read_text(encoding="utf-8")
            if f'"{file}"' in content:
                return str(json.loads(content)["ark"])
        raise AssertionError(file)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CONFIG_HOME", str(folder / "configuration"))
        patched.setenv("DITICH_LANG", "en")
        made = Published(folder)
        document("init", "--home", made.home, "--name", "Hostile")
        document("site", "save", hostile_deposit.write_site_folder(folder / "site"), "--home", made.home)
        document("ingest", hostile_deposit.write_card(folder / "card"), "--site", SLUG, "--home", made.home)
        (report,) = document("publish", SLUG, "--yes", "--home", made.home)["sites"]
        assert (len(report["will_show"]), len(report["will_not_show"])) == (9, 2)
        yield made


@pytest.fixture(scope="module")
def answers(published: Published) -> dict[str, httpx.Response]:
    """Everything that is served, and what is found for questions that an attacker would ask."""
    asked = [f"/{language}/search?q={quote(words)}" for language in ("vi", "en") for words in QUESTIONS]
    hidden = [published.ark_of(f"{secret(name)}.jpg") for name in ("file-name", "panorama")]
    asked += [f"/{ark}" for ark in hidden] + [f"/vi/{SLUG}/{ark.rpartition('/')[2]}" for ark in hidden]
    with visiting(published.root) as visitor:
        return everything_served(visitor, asked)


def without_the_question(address: str, answer: httpx.Response) -> bytes:
    """A search page repeats the words that the visitor typed: that is no leak."""
    content = answer.content
    asked = parse_qs(urlsplit(address).query).get("q", [""])[0] if "/search?" in address else ""
    for form in (asked, escape(asked), quote(asked), quote_plus(asked)):
        content = content.replace(form.encode(), b"") if form.strip() else content
    return content


def test_nothing_that_is_kept_back_is_served(answers: dict[str, httpx.Response]) -> None:
    assert len(answers) > 300
    for kind in KINDS:
        assert any(kind in address and answer.status_code == 200 for address, answer in answers.items()), kind
    contents = {
        f"a search {number}" if "/search?" in address else address: without_the_question(address, answer)
        + str(dict(answer.headers)).encode()
        for number, (address, answer) in enumerate(answers.items())
    }
    assert found_in(contents, NEEDLES) == []


def test_nothing_that_is_kept_back_lies_in_the_publication(published: Published) -> None:
    files = files_below(published.root)
    assert {"search.sqlite", "publication.json", "tiles.pack"} <= {Path(name).name for name in files}
    assert found_in(files, NEEDLES) == []


@pytest.mark.parametrize("form", ["cdn", "usb"])
def test_a_frozen_copy_holds_nothing_that_is_kept_back_and_runs_nothing(
    published: Published, tmp_path: Path, browser: Browser, form: str, checkout: Path
) -> None:
    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    target = tmp_path / "copy"
    command = [sys.executable, "-m", "viewer.freeze", SLUG, str(target), "--as", form, "--publications", str(published.root)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    files = files_below(target)
    assert len(files) > 100
    assert found_in(files, NEEDLES) == []
    pages = sorted(target.rglob("*.html"))
    chosen = [page for page in pages if not {"en", "th", "ark"} & set(page.relative_to(target).parts)]
    assert len(chosen) > 15
    context = _lawless(browser)
    visit_all(context, [page.as_uri() for page in chosen])
    context.close()


def test_every_answer_says_what_a_browser_may_do_with_it(answers: dict[str, httpx.Response]) -> None:
    for address, answer in answers.items():
        headers, policy = answer.headers, answer.headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff", address
        assert headers["cross-origin-resource-policy"] in {"same-origin", "cross-origin"}, address
        assert address.startswith("/iiif/") or headers["referrer-policy"] == "strict-origin-when-cross-origin", address
        assert policy.startswith("default-src 'none'"), address
        assert "unsafe-inline" not in policy, address
        assert "'unsafe-eval'" not in policy, address
        assert ("frame-ancestors *" in policy) is (address.split("?")[0].endswith("/embed") and answer.status_code == 200), address
        assert "set-cookie" not in headers, address
        is_page = headers.get("content-type", "").startswith("text/html")
        assert not is_page or "cross-origin-opener-policy" in headers or "frame-ancestors *" in policy, address
        if headers.get("content-type", "").startswith(("text/html", "image/svg")) and not is_page:
            assert "sandbox" in policy, address


def test_every_door_was_tried(answers: dict[str, httpx.Response]) -> None:
    """An attack that no page shows proves nothing; these stand nowhere because publishing leaves their fields out."""
    texts = (answer for answer in answers.values() if answer.headers.get("content-type", "").startswith(("text/", "application/")))
    shown = "".join(answer.text for answer in texts)
    silent = {door for door in DOORS if marker(door) not in shown}
    assert {door for door in silent if not door.endswith(SILENT)} == set()
    assert len(set(DOORS) - silent) > 60


def pages_of(answers: dict[str, httpx.Response]) -> list[str]:
    """Every page in Vietnamese, some in other languages, and what else a browser can open by itself."""
    found: list[str] = []
    for address, answer in sorted(answers.items()):
        kind = answer.headers.get("content-type", "").split(";")[0]
        foreign = address.startswith(("/en/", "/th/")) and not address.endswith((f"/{SLUG}/", "/search"))
        is_opened = kind in OPENED
        one_of_many = address.startswith(("/export/", "/oembed")) and sum(other.startswith(address[:16]) for other in found) > 2
        if is_opened and "content-disposition" not in answer.headers and not foreign and not one_of_many:
            found.append(address)
    return found


def _lawless(browser: Browser) -> BrowserContext:
    context = browser.new_context(locale="en", bypass_csp=True, viewport={"width": 390, "height": 844})
    context.add_init_script(WATCH)
    return context


def visit_all(context: BrowserContext, addresses: list[str]) -> None:
    """Open everything; nothing runs and nothing of the words became markup."""
    page = context.new_page()
    for address in addresses:
        page.goto(address, wait_until="load")
        assert _said(page, "window.executed ?? []") == [], address
        if page.url.startswith("file:") and page.url.endswith("/"):
            continue  # an entrance led to a folder, which without a server is the browser's own page
        assert _said(page, f"[...document.querySelectorAll(`{INTRUDERS}`)].map(one => one.outerHTML.slice(0, 200))") == [], address


def _said(page: Page, question: str) -> Any:
    return page.evaluate(question)


def test_an_attack_would_be_noticed(browser: Browser) -> None:
    context = _lawless(browser)
    page = context.new_page()
    page.goto("data:text/html,<p>")
    page.evaluate("words => { document.open(); document.write(words); document.close() }", attack("control"))
    page.wait_for_timeout(300)
    assert "control" in _said(page, "window.executed")
    assert _said(page, f"document.querySelectorAll(`{INTRUDERS}`).length") > 0
    context.close()


@pytest.fixture(scope="module")
def place(published: Published, checkout: Path) -> Iterator[str]:
    if not (checkout / "viewer/static/built/panorama.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    with serving(published.root) as address:
        yield address


def test_nothing_runs_even_without_the_policy(place: str, browser: Browser, answers: dict[str, httpx.Response]) -> None:
    addresses = pages_of(answers)
    assert len(addresses) > 50
    context = _lawless(browser)
    visit_all(context, [place + address for address in addresses])
    context.close()


def test_no_page_breaks_its_policy_or_asks_others_or_remembers(place: str, browser: Browser, answers: dict[str, httpx.Response]) -> None:
    addresses = [
        address
        for address in pages_of(answers)
        if answers[address].status_code == 200 and not {"/search", "/oembed"} & {address.partition("?")[0][-7:], address.partition("?")[0]}
    ]
    context = browser.new_context(locale="en", viewport={"width": 390, "height": 844})
    context.add_init_script(WATCH)
    complaints: list[str] = []
    asked: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda message: complaints.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    for address in addresses:
        page.goto(place + address, wait_until="load")
        complaints += [f"{address}: {refusal}" for refusal in _said(page, "window.refusals ?? []")]
        assert _said(page, "window.executed ?? []") == [], address
    assert complaints == []
    assert [url for url in asked if not url.startswith((place, "data:", "blob:"))] == []
    assert [url for url in asked if url.endswith((".woff", ".woff2", ".ttf", ".otf"))] == []
    assert context.cookies() == []
    page.goto(f"{place}/vi/")
    assert set(_said(page, "Object.keys(localStorage)")) <= {"language"}
    assert _said(page, "Object.keys(sessionStorage)") == []
    context.close()


def test_what_is_withdrawn_is_gone_from_a_running_server_with_its_next_answer(published: Published, tmp_path: Path) -> None:
    copy = Published(tmp_path)
    shutil.copytree(published.home, copy.home)
    ark = copy.ark_of("gone.jpg")
    name = ark.rpartition("/")[2]
    with visiting(copy.root) as visitor:
        before = everything_served(visitor)
        named = [address for address, answer in before.items() if name in address and answer.status_code == 200]
        assert any(address.startswith("/iiif/") for address in named)
        assert any(address.startswith("/media/") for address in named)
        document("withdraw", ark, "--yes", "--home", copy.home)
        document("publish", SLUG, "--yes", "--home", copy.home)
        after = {address: visitor.get(address) for address in named}
        assert {address for address, answer in after.items() if answer.status_code == 200} <= {f"/oembed?url={name}"}
        assert visitor.get(f"/{ark}").status_code == 410
        found = everything_served(visitor)
    speaking = [
        address
        for address, answer in found.items()
        if answer.status_code == 200 and (name.encode() in answer.content or WITHDRAWN.encode() in answer.content)
    ]
    assert speaking == ["/activity/page-0.json"]
    deleted = [item for item in found["/activity/page-0.json"].json()["orderedItems"] if name in item["object"]["id"]]
    assert [item["type"] for item in deleted] == ["Delete"]
    # Pages of the site that were kept in memory speak of it no more either.
    assert all(WITHDRAWN not in visitor_page.text for visitor_page in found.values())
