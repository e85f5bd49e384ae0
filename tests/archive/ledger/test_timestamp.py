"""Timestamps by an authority that this test founds with openssl."""

import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from archive.errors import DamageError, RecordError, StorageError, UsageError
from archive.ledger.timestamp import answer_in, ask_authority, keep_timestamp, stated, timestamps
from tests.archive.ledger.builders import Log, event

CONFIG = """
[ req ]
distinguished_name = name
[ name ]
[ root ]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ tsa ]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa_config ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        new = ("req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", "openssl.cnf")
        self._openssl(*new, "-x509", "-days", "30", "-subj", "/CN=root", "-extensions", "root", "-keyout", "root.key", "-out", "root.pem")
        self._openssl(*new, "-subj", "/CN=authority", "-keyout", "tsa.key", "-out", "tsa.csr")
        signed = (
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "30",
            "-extfile",
            "openssl.cnf",
            "-extensions",
            "tsa",
        )
        self._openssl("x509", "-req", "-in", "tsa.csr", *signed, "-out", "tsa.pem")
        self.root = (folder / "root.pem").read_bytes()

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "tsa_config", "-queryfile", "query", "-out", "answer")
        return (self.folder / "answer").read_bytes()

    def query(self, content: bytes) -> bytes:
        (self.folder / "content").write_bytes(content)
        self._openssl("ts", "-query", "-data", "content", "-sha512", "-cert", "-out", "asked")
        return (self.folder / "asked").read_bytes()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - its name in the library
            pass

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_checkpoint_is_stamped_kept_and_verified_offline(authority: Authority, address: str) -> None:
    case = Log(3)
    note = case.log.note()
    when = keep_timestamp(case.storage, note, ask_authority(address, note), authority.root)
    case.append([event(4)])
    assert [(path, stamped, said) for path, stamped, said in timestamps(case.storage)] == [
        ("ledger/timestamps/000000000003.tsr", note, when)
    ]
    assert list(case.log.problems()) == []
    content = case.storage.nodes["ledger/timestamps/000000000003.tsr"]
    assert content is not None
    content[-5] ^= 1
    assert [path for path, _what in case.log.problems()] == ["ledger/timestamps/000000000003.tsr"]
    del case.storage.nodes["ledger/timestamps/000000000003.pem"]
    assert [path for path, _what in case.log.problems()] == ["ledger/timestamps/000000000003.tsr"]


def test_an_answer_may_come_as_a_file(authority: Authority, tmp_path: Path) -> None:
    note = Log(1).log.note()
    answer = tmp_path / "answer.tsr"
    answer.write_bytes(authority.answer(authority.query(note)))
    assert stated(answer_in(str(answer), note), note, authority.root).year >= 2026


def test_what_is_no_timestamp_of_this_checkpoint(authority: Authority, tmp_path: Path) -> None:
    case = Log(1)
    note = case.log.note()
    answer = authority.answer(authority.query(b"something else"))
    with pytest.raises(DamageError, match="does not hold"):
        keep_timestamp(case.storage, note, answer, authority.root)
    with pytest.raises(DamageError, match="does not hold"):
        stated(b"nonsense", note, authority.root)
    with pytest.raises(RecordError, match="certificate"):
        stated(answer, note, b"nonsense")
    folder = tmp_path / "other"
    folder.mkdir()
    with pytest.raises(DamageError, match="does not hold"):
        stated(authority.answer(authority.query(note)), note, Authority(folder).root)
    assert list(timestamps(case.storage)) == []


def test_an_authority_that_does_not_answer() -> None:
    with pytest.raises(StorageError, match="does not give a timestamp"):
        ask_authority("http://127.0.0.1:1/", b"note")
    with pytest.raises(UsageError, match="neither a file nor an address"):
        answer_in("nowhere", b"note")
