"""Recordings: the sound is kept, and nothing else that was in the file."""

import io
import struct
import wave

import pytest

from archive.errors import UsageError
from pipeline.site_definition.recording import clean_recording
from tests.pipeline.site_definition.folder_builders import id3, mp3_frame, riff, wav

SECRET = "Nhà ông Giữ Đền, 16.123456".encode()
PCM = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)


def test_a_wav_keeps_its_format_and_its_samples() -> None:
    samples = bytes(range(200))
    dirty = riff(
        (b"LIST", b"INFOIART" + SECRET), (b"fmt ", PCM), (b"bext", SECRET), (b"data", samples), (b"iXML", SECRET), (b"id3 ", SECRET)
    )
    clean = clean_recording(dirty + b"trailing " + SECRET, "narration/vi/a.wav")
    assert SECRET not in clean.content
    assert clean.content == riff((b"fmt ", PCM), (b"data", samples))
    assert (clean.media_type, clean.seconds) == ("audio/wav", 0.01)
    with wave.open(io.BytesIO(clean.content)) as file:
        assert file.readframes(200) == samples


def test_the_longer_header_of_a_wav_is_kept_and_what_hangs_on_it_is_not() -> None:
    extensible = struct.pack("<HHIIHHHHI16s", 0xFFFE, 1, 8000, 16000, 2, 16, 22, 16, 4, b"\1" + bytes(15))
    clean = clean_recording(riff((b"fmt ", extensible + SECRET), (b"data", b"\0" * 101)), "a.wav")
    assert clean.content == riff((b"fmt ", extensible), (b"data", b"\0" * 100))


def test_of_an_mp3_only_the_frames_are_kept() -> None:
    frames = mp3_frame() + mp3_frame(padding=1) * 2 + mp3_frame(version=3, frequency=1)
    tail = b"APETAGEX" + SECRET + b"TAG" + SECRET.ljust(125, b"\0")
    clean = clean_recording(id3(SECRET, footer=True) + id3(b"") + b"\0\0" + frames + tail, "narration/vi/a.mp3")
    assert clean.content == frames
    assert clean.media_type == "audio/mpeg"
    assert clean.seconds == pytest.approx(3 * 1152 / 44100 + 1152 / 48000, abs=0.01)


@pytest.mark.parametrize(("version", "frequency"), [(2, 0), (2, 2), (0, 1)])
def test_the_lower_rates_of_mp3(version: int, frequency: int) -> None:
    frames = mp3_frame(version=version, frequency=frequency, rate=5) * 4
    assert clean_recording(frames, "a.mp3").content == frames


def test_a_last_frame_that_is_cut_off_is_left_out() -> None:
    frames = mp3_frame() * 3
    assert clean_recording(frames + mp3_frame()[:100], "a.mp3").content == frames


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.m4a", b"....ftypM4A ", "M4A files hidden data"),
        ("a.ogg", b"OggS", "OGG files hidden data"),
        ("a.opus", b"OggS", "OPUS files hidden data"),
        ("a.wav", b"", "no WAV file"),
        ("a.wav", mp3_frame() * 3, "no WAV file"),
        ("a.wav", wav()[:-100], "cut short"),
        ("a.wav", riff((b"fmt ", PCM)), "cut short"),
        ("a.wav", riff((b"fmt ", PCM[:10]), (b"data", b"ab")), "cut short"),
        ("a.wav", riff((b"fmt ", struct.pack("<HHIIHH", 2, 1, 8000, 4000, 1, 4)), (b"data", b"ab")), "compressed or unusual"),
        ("a.wav", riff((b"fmt ", struct.pack("<HHIIHH", 1, 0, 8000, 0, 0, 16)), (b"data", b"ab")), "compressed or unusual"),
        ("a.wav", riff((b"fmt ", struct.pack("<HHIIHH", 1, 1, 8000, 0, 0, 0)), (b"data", b"ab")), "compressed or unusual"),
        ("a.mp3", b"", "no MP3 file"),
        ("a.mp3", wav(), "no MP3 file"),
        ("a.mp3", mp3_frame(), "no MP3 file"),
        ("a.mp3", id3(SECRET)[:20], "no MP3 file"),
        ("a.mp3", mp3_frame() * 3 + b"<html>" + SECRET, "damaged after 0 seconds"),
    ],
)
def test_what_cannot_be_cleaned_surely_is_refused(name: str, content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        clean_recording(content, f"narration/vi/{name}")
    assert raised.value.message.startswith("narration/vi/")
    assert raised.value.advice
