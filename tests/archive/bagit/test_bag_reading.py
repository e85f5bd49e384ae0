"""What the judge says of the lists of bags, whole and faulty, rule by rule."""

from pathlib import Path

import pytest

from archive.bagit.source import open_bag
from archive.bagit.validate import validate_bag
from archive.errors import NotFoundError
from archive.findings import Severity
from tests.archive.bagit.builders import FILES, codes, declared, judged, listed, make_bag, oracle_accepts, put, relist


def test_a_whole_bag_is_valid_and_says_nothing(bag: Path) -> None:
    report = judged(bag)
    assert report.valid
    assert report.findings == ()
    assert (report.version, report.algorithms) == ("1.0", ("sha512",))
    assert [file.path for file in report.payload] == sorted(FILES)
    assert report.bytes == sum(map(len, FILES.values()))
    assert report.tag_files == ("bagit.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt")
    assert oracle_accepts(bag)


@pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"])
@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512", "sha3-256", "blake2b"])
def test_every_version_and_digest_is_read(tmp_path: Path, version: str, algorithm: str) -> None:
    files = dict(FILES)
    names = {"sha3-256": "sha3_256"}
    bag = make_bag(tmp_path, files, version=version, algorithms=(), tags=False)
    put(bag, f"manifest-{algorithm}.txt", listed(files, names.get(algorithm, algorithm)))
    report = judged(bag)
    assert report.valid
    expected = {"bag-tag-manifest-missing"} | ({"bag-weak-digest"} if algorithm in {"md5", "sha1"} else set())
    assert {finding.code for finding in report.findings} == expected


def test_kept_digests_come_from_the_same_read(bag: Path) -> None:
    report = judged(bag, keep=("sha256", "md5"), from_device=True)
    by_path = {file.path: file.digests for file in report.payload}
    assert by_path["data/empty"] == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "d41d8cd98f00b204e9800998ecf8427e",
    )


def test_every_file_that_differs_is_named_and_the_sum_does_not_end_the_check(bag: Path) -> None:
    put(bag, "bag-info.txt", b"Payload-Oxum: 14.3\n")
    put(bag, "data/b/two.txt", b"too, longer")
    put(bag, "data/empty", b"not any more")
    put(bag, "data/stray", b"")
    (bag / "data/ảnh 1.jpg").unlink()
    found = {(finding.code, finding.path) for finding in judged(bag).findings}
    assert {
        ("bag-file-changed", "data/b/two.txt"),
        ("bag-file-changed", "data/empty"),
        ("bag-file-not-listed", "data/stray"),
        ("bag-file-missing", "data/ảnh 1.jpg"),
        ("bag-oxum-differs", "bag-info.txt"),
    } <= found
    assert not oracle_accepts(bag)


def test_progress_ends_at_the_total(bag: Path) -> None:
    told: list[tuple[int, int]] = []
    validate_bag(open_bag(bag), None, lambda done, total: told.append((done, total)))
    assert told[-1][0] <= told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bag-declaration-malformed"),
        (b"BagIt-Version: 1.0\n", "bag-declaration-malformed"),
        (b"\xef\xbb\xbf" + declared(), "bag-declaration-malformed"),
        (declared() + b"More: lines\n", "bag-declaration-malformed"),
        (b"BagIt-Version:  1.0\nTag-File-Character-Encoding: UTF-8\n", "bag-declaration-malformed"),
        (b"BagIt-Version: 1.0 \nTag-File-Character-Encoding: UTF-8\n", "bag-declaration-malformed"),
        (b"\xff\xfe", "bag-declaration-malformed"),
        (declared("2.0"), "bag-version-unknown"),
        (declared("0.98"), "bag-version-unknown"),
        (declared(".97"), "bag-version-unknown"),
        (declared(encoding="rot13"), "bag-encoding-unknown"),
        (declared(encoding="no-such\0thing"), "bag-encoding-unknown"),
    ],
)
def test_a_declaration_is_exact(bag: Path, content: bytes, code: str) -> None:
    put(bag, "bagit.txt", content)
    report = judged(bag)
    assert not report.valid
    assert code in [finding.code for finding in report.findings]


def test_white_space_was_free_before_1_0(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, version="0.97", tags=False)
    put(bag, "bagit.txt", b"BagIt-Version :  0.97\r\nTag-File-Character-Encoding:\tUTF-8")
    assert codes(bag) == ["bag-tag-manifest-missing"]


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-1", "windows-1258", "Shift_JIS"])
def test_other_encodings_are_read_and_remarked(tmp_path: Path, encoding: str) -> None:
    bag = make_bag(tmp_path, {"data/a.txt": b"a"}, algorithms=(), tags=False)
    put(bag, "bagit.txt", declared(encoding=encoding))
    put(bag, "manifest-sha256.txt", listed({"data/a.txt": b"a"}, "sha256").decode().encode(encoding))
    assert codes(bag) == ["bag-encoding-not-utf8", "bag-tag-manifest-missing"]


def test_a_list_that_is_no_text_is_refused(bag: Path) -> None:
    relist(bag, b"\xff\xff\xff\n" + listed(FILES))
    assert "bag-list-not-text" in codes(bag)


def test_a_line_without_end_does_not_fill_the_memory(bag: Path) -> None:
    relist(bag, listed(FILES) + b"a" * 300_000)
    found = codes(bag)
    assert "bag-list-not-text" in found
    assert "bag-file-missing" not in found


def test_without_payload_or_manifest(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "a", {})
    assert codes(bag) == []
    (bag / "data").rmdir()
    assert codes(bag) == ["bag-payload-missing"]
    other = make_bag(tmp_path / "b", algorithms=(), tags=False)
    assert codes(other) == ["bag-manifest-missing"]
    put(other, "manifest-crc32.txt", b"")
    assert codes(other) == ["bag-manifest-missing", "bag-algorithm-unknown"]


def test_no_bag_at_all(tmp_path: Path) -> None:
    assert codes(tmp_path) == ["bag-declaration-missing"]
    with pytest.raises(NotFoundError):
        open_bag(tmp_path / "nothing")


@pytest.mark.parametrize("line", [b"abc  data/empty\n", b"z" * 128 + b"  data/empty\n", b"a" * 128 + b"\n", b"a" * 127 + b"  data/empty\n"])
def test_a_malformed_line_is_named_by_its_number(bag: Path, line: bytes) -> None:
    relist(bag, listed(FILES) + line)
    report = judged(bag)
    assert [finding.code for finding in report.findings if finding.severity is Severity.REFUSE] == ["bag-line-malformed"]
    assert "Line 4" in report.findings[0].sentence["en"]


@pytest.mark.parametrize(
    "path",
    [
        "../outside",
        "data/../../outside",
        "/etc/passwd",
        "~/x",
        "~root/x",
        "C:\\Windows\\x",
        "c:/x",
        "\\\\?\\UNC\\server\\x",
        "\\\\server\\share",
        "%HomeDrive%\\x",
        "%TEMP%/x",
        "data\\..\\..\\x",
    ],
)
def test_a_path_that_leads_out_is_refused_on_every_system(bag: Path, path: str) -> None:
    relist(bag, listed(FILES) + b"a" * 128 + b"  " + path.encode() + b"\n")
    assert "bag-path-unsafe" in codes(bag)
    put(bag, "manifest-sha512.txt", listed(FILES))
    put(bag, "fetch.txt", b"https://example.org/x - " + path.encode() + b"\n")
    assert "bag-path-unsafe" in codes(bag)


def test_lists_hold_what_belongs_in_them(bag: Path) -> None:
    relist(bag, listed(FILES | {"bagit.txt": declared()}))
    assert "bag-path-out-of-place" in codes(bag)
    put(bag, "manifest-sha512.txt", listed(FILES))
    put(bag, "tagmanifest-sha512.txt", listed(FILES))
    assert "bag-path-out-of-place" in codes(bag)
    (bag / "tagmanifest-sha512.txt").unlink()
    put(bag, "fetch.txt", b"https://example.org/x 3 bagit.txt\n")
    assert "bag-path-out-of-place" in codes(bag)


@pytest.mark.parametrize(("version", "code"), [("1.0", "bag-listed-twice-refused"), ("0.97", "bag-listed-twice")])
def test_listed_twice(tmp_path: Path, version: str, code: str) -> None:
    bag = relist(make_bag(tmp_path, version=version), listed(FILES) + listed({"data/empty": b""}))
    assert codes(bag) == [code, "bag-tag-manifest-missing"]


def test_listed_with_two_digests(bag: Path) -> None:
    relist(bag, listed(FILES) + listed({"data/empty": b"x"}))
    assert "bag-listed-differently" in codes(bag)


def test_every_manifest_lists_every_file_from_1_0_on(tmp_path: Path) -> None:
    less = {path: content for path, content in FILES.items() if path != "data/empty"}
    bag = make_bag(tmp_path, algorithms=("sha512", "md5"), tags=False)
    put(bag, "manifest-md5.txt", listed(less, "md5"))
    report = judged(bag)
    assert (report.findings[0].code, report.findings[0].path) == ("bag-file-not-listed", "data/empty")
    assert "manifest-md5.txt" in report.findings[0].sentence["vi"]
    put(bag, "bagit.txt", declared("0.97"))
    assert judged(bag).valid


def test_md5sum_and_shasum_leavings_are_warnings(bag: Path) -> None:
    lines = listed(FILES).decode()
    relist(bag, lines.replace("  data", " *data").encode())
    assert codes(bag) == ["bag-md5sum-star", "bag-tag-manifest-missing"]
    relist(bag, lines.replace("  data", "  ./data").encode())
    assert codes(bag) == ["bag-leading-dot-slash", "bag-tag-manifest-missing"]
    relist(bag, b"\xef\xbb\xbf" + lines.encode())
    assert codes(bag) == ["bag-byte-order-mark", "bag-tag-manifest-missing"]
    relist(bag, b"\n  \n" + lines.replace("\n", "\r\n").encode())
    assert codes(bag) == ["bag-tag-manifest-missing"]
    relist(bag, "".join(f"{line[:128].upper()}{line[128:]}" for line in lines.splitlines(keepends=True)).encode())
    assert judged(bag).valid


def test_percent_and_line_breaks_in_names(tmp_path: Path) -> None:
    files = {"data/50%.txt": b"a", "data/two\nlines": b"b", "data/car\rriage": b"c", "data/%41.txt": b"d"}
    bag = make_bag(tmp_path, files, algorithms=(), tags=False)
    encoded = "".join(
        f"{digest}  {path}\n"
        for digest, path in (
            (listed({"": b"a"}).split()[0].decode(), "data/50%25.txt"),
            (listed({"": b"b"}).split()[0].decode(), "data/two%0Alines"),
            (listed({"": b"c"}).split()[0].decode(), "data/car%0driage"),
            (listed({"": b"d"}).split()[0].decode(), "data/%2541.txt"),
        )
    )
    put(bag, "manifest-sha512.txt", encoded.encode())
    assert codes(bag) == ["bag-tag-manifest-missing"]
    put(bag, "manifest-sha512.txt", encoded.replace("%25", "%").encode())
    assert codes(bag) == ["bag-percent-not-encoded", "bag-tag-manifest-missing"]


def test_a_writer_that_does_not_encode_percent_is_understood(tmp_path: Path) -> None:
    files = {"data/a%25b.txt": b"a"}
    bag = make_bag(tmp_path, files, tags=False)
    assert codes(bag) == ["bag-tag-manifest-missing"]
    assert oracle_accepts(bag)
    put(bag, "data/a%b.txt", b"a")
    assert {"bag-file-not-listed"} < set(codes(bag))


def test_percent_stood_for_itself_before_1_0(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, {"data/a%25b.txt": b"a", "data/%7Ec": b""}, version="0.97", tags=False)
    assert codes(bag) == ["bag-tag-manifest-missing"]


def test_bag_info_keeps_order_repetitions_and_long_values(bag: Path) -> None:
    content = (
        b"Contact-Name: A\nBag-Size : 1 GB\nExternal-Description: first\n  second\n\tthird\ncontact-name: B\n\nEmpty:\nNo colon here\n"
    )
    put(bag, "bag-info.txt", b"\xef\xbb\xbf" + content)
    report = judged(bag)
    assert report.info == (
        ("Contact-Name", "A"),
        ("Bag-Size", "1 GB"),
        ("External-Description", "first second third"),
        ("contact-name", "B"),
        ("Empty", ""),
    )
    found = [finding.code for finding in report.findings]
    assert found == ["bag-byte-order-mark", "bag-info-malformed", "bag-tag-not-covered"]
    put(bag, "bag-info.txt", b"  goes on with nothing\n: no label\n")
    assert codes(bag).count("bag-info-malformed") == 2


def test_the_old_name_of_bag_info(tmp_path: Path) -> None:
    bag = make_bag(tmp_path, version="0.93")
    put(bag, "package-info.txt", b"Payload-Oxum: 14.3\r\nPacking-Date: 2009\r\n")
    assert judged(bag).info[1] == ("Packing-Date", "2009")
    assert judged(bag).valid


@pytest.mark.parametrize("stated", ["13.3", "14.2", "all of it", "14"])
def test_a_sum_that_is_wrong_or_unreadable_is_refused(bag: Path, stated: str) -> None:
    put(bag, "bag-info.txt", f"payload-oxum: {stated}\n".encode())
    assert codes(bag)[0] == "bag-oxum-differs"


def test_tag_files_are_judged_by_tag_manifests(bag: Path) -> None:
    put(bag, "bagit.txt", declared().replace(b"\n", b"\r\n"))
    assert codes(bag) == ["bag-file-changed"]
    (bag / "manifest-sha512.txt").unlink()
    assert "bag-manifest-missing" in codes(bag)


def test_a_missing_tag_file(bag: Path) -> None:
    put(bag, "tagmanifest-sha512.txt", listed({"bag-info.txt": b""}))
    found = codes(bag)
    assert found[0] == "bag-file-missing"
    assert found.count("bag-tag-not-covered") == 2


def test_fetch_is_reported_and_never_followed(bag: Path) -> None:
    put(bag, "fetch.txt", "https://example.org/1 3 data/ảnh 1.jpg\n\nhttps://example.org/2 - ./data/empty\n".encode())
    report = judged(bag)
    assert report.valid
    assert [(line.size, line.path) for line in report.fetch] == [(3, "data/ảnh 1.jpg"), (None, "data/empty")]
    assert "bag-fetch-present" in [finding.code for finding in report.findings]
    (bag / "data/empty").unlink()
    refused = [finding for finding in judged(bag).findings if finding.severity is Severity.REFUSE]
    assert [(finding.code, finding.path) for finding in refused] == [("bag-fetch-incomplete", "data/empty")]
    assert "https://example.org/2" in refused[0].sentence["th"]


def test_fetch_lines_that_cannot_be_right(bag: Path) -> None:
    put(bag, "fetch.txt", b"only-an-address\nhttps://example.org many data/x\nhttps://example.org/y - data/unlisted\n")
    found = codes(bag)
    assert found.count("bag-line-malformed") == 2
    assert "bag-fetch-not-listed" in found
    assert "bag-fetch-incomplete" in found
