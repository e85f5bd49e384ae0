"""RFC 3161 timestamps over checkpoints: a stranger's word that the log had this root by that time. Made only when somebody asks.

``timestamps/<size>.note`` is the checkpoint as it was sent, ``<size>.tsr`` the authority's answer, ``<size>.pem`` the root certificate that
the archivist trusts it by. All three are verified offline.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from archive.errors import DamageError, DitichError, RecordError, StorageError, UsageError
from archive.ledger.note import parse_note
from archive.storage.base import Storage, make_folders, put_file
from archive.storage.refusals import Refusals

FOLDER = "timestamps"
_QUERY = "application/timestamp-query"
_MOST = 1 << 20
_SECONDS = 30.0


def ask_authority(address: str, note: bytes) -> bytes:
    """The answer of a time-stamping authority on the web for a checkpoint.

    Raises:
        UsageError: not an address of the web.
        StorageError: it does not answer.
    """
    import urllib.error
    import urllib.request

    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    if not address.startswith(("https://", "http://")):
        raise UsageError(f"“{address}” is neither a file nor an address of the web.", advice="Give https://… or the file of an answer.")
    query = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA512).build().as_bytes()
    request = urllib.request.Request(address, data=query, headers={"Content-Type": _QUERY})  # noqa: S310 - http and https only, above
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            return bytes(answer.read(_MOST))
    except (urllib.error.URLError, OSError) as error:
        raise StorageError(
            f"{address} does not give a timestamp.", advice="Look whether you are online and the address is right.", detail=str(error)
        ) from error


def answer_in(place: str, note: bytes) -> bytes:
    """The answer for a checkpoint: from a file of that name, else from the web."""
    path = Path(place)
    if not path.is_file():
        return ask_authority(place, note)
    with Refusals(place):
        return path.read_bytes()


def stated(answer: bytes, note: bytes, root: bytes) -> datetime:
    """When the authority saw the checkpoint, after its signature was verified up to a root certificate (PEM).

    Raises:
        DamageError: the answer is not one, is of other bytes, or does not lead to that certificate.
        RecordError: the certificate is not readable.
    """
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        certificate = load_pem_x509_certificate(root)
    except ValueError as error:
        raise RecordError("The root certificate is not readable.", advice="Give it as a PEM file.", detail=str(error)) from error
    try:
        response = decode_timestamp_response(answer)
        VerifierBuilder().add_root_certificate(certificate).build().verify_message(response, note)
    except (VerificationError, ValueError) as error:
        raise DamageError(
            "The timestamp does not hold for this checkpoint.", advice="Ask for a new one.", detail=str(error), code="timestamp-broken"
        ) from error
    return response.tst_info.gen_time


def keep_timestamp(storage: Storage, note: bytes, answer: bytes, root: bytes, prefix: str = "ledger") -> datetime:
    """Keep a timestamp beside the ledger, durably, once it holds; when it says."""
    when = stated(answer, note, root)
    folder = f"{prefix}/{FOLDER}"
    make_folders(storage, folder)
    size = parse_note(note)[0].size
    for suffix, content in (("note", note), ("pem", root), ("tsr", answer)):
        put_file(storage, f"{folder}/{size:012d}.{suffix}", content)
    return when


def timestamps(storage: Storage, prefix: str = "ledger") -> Iterator[tuple[str, bytes, datetime | DitichError]]:
    """(path, checkpoint, when or what is wrong) of every timestamp that is kept."""
    folder = f"{prefix}/{FOLDER}"
    if storage.kind(folder) is None:
        return
    for name in sorted(entry.name.removesuffix(".tsr") for entry in storage.entries(folder) if entry.name.endswith(".tsr")):
        path, note = f"{folder}/{name}", b""
        try:
            note = storage.read(f"{path}.note")
            yield f"{path}.tsr", note, stated(storage.read(f"{path}.tsr"), note, storage.read(f"{path}.pem"))
        except DitichError as error:
            yield f"{path}.tsr", note, error
