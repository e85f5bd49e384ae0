"""Captions: what WebVTT allows is read, what is not heard does not come out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from pipeline.site_definition.captions import MOST_CUES, Cue, read_captions, written

FULL = """\ufeffWEBVTT - ghi ở nhà ông Giữ Đền

NOTE
Nhà riêng: 16.123456, 108.654321

STYLE
::cue { background: url(https://ngoai.example/x) }

REGION
id:bill

1 - ông Giữ
00:00:01.000 --> 00:00:02.500 line:0 position:20%
<v Ông Giữ Đền>Xin chào <b>quý khách</b> &amp; bạn</v>

100:00:03.000 --> 100:00:04.000
Dòng một
Dòng hai

00:05.000 --> 00:06.000
<c.loud></c>
"""


def test_words_and_times_are_kept_and_nothing_else() -> None:
    cues = read_captions(FULL.encode(), "a.vtt")
    assert cues == (Cue(1000, 2500, "Xin chào quý khách & bạn"), Cue(360_003_000, 360_004_000, "Dòng một\nDòng hai"))
    text = written(cues).decode()
    assert text.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nXin chào quý khách &amp; bạn\n")
    for secret in ("16.123456", "Giữ Đền", "ngoai", "line:0", "<"):
        assert secret not in text
    assert read_captions(text.encode(), "a.vtt") == cues


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_of_the_standard(end: str) -> None:
    content = end.join(("WEBVTT", "", "00:00.000 --> 00:01.000", "a", "", "00:01.000\t-->\t00:02.000", "b"))
    assert [cue.text for cue in read_captions(content.encode(), "a.vtt")] == ["a", "b"]


def test_markup_in_disguise_does_not_come_out() -> None:
    cues = read_captions(b"WEBVTT\n\n00:00.000 --> 00:01.000\n&lt;script>x&lt;/script> --&gt; <b\n", "a.vtt")
    text = written(cues).decode()
    assert "<" not in text
    assert text.count("-->") == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not begin with WEBVTT"),
        (b"WEBVTTX\n\n00:00.000 --> 00:01.000\na", "does not begin with WEBVTT"),
        (b"1\n00:00:00,000 --> 00:00:01,000\nSubRip", "does not begin with WEBVTT"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"WEBVTT\n", "holds 0 captions"),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\n\n", "holds 0 captions"),
        (b"WEBVTT\n\nwords alone\n", "line 3: a caption without its times"),
        (b"WEBVTT\n\n00:00,000 --> 00:01,000\na", "times cannot be read"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\na", "ends before it begins"),
        (b"WEBVTT\n\n00:61.000 --> 01:61.000\na", "times cannot be read"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        read_captions(content, "narration/vi/a.vtt")
    assert raised.value.message.startswith("narration/vi/a.vtt")
    assert raised.value.advice


def test_far_too_many_captions_are_refused() -> None:
    many = "WEBVTT\n\n" + "00:00.000 --> 00:01.000\na\n\n" * (MOST_CUES + 1)
    with pytest.raises(UsageError, match="2001 captions"):
        read_captions(many.encode(), "a.vtt")


@given(st.text(alphabet=st.sampled_from("ab &<>;:#0x/-\n\r\t\v\u00e9gtlmp1"), max_size=80))
def test_what_was_read_and_written_is_read_the_same_again(words: str) -> None:
    content = f"WEBVTT\n\n00:00.000 --> 00:01.000\nx{words}"
    try:
        cues = read_captions(content.encode(), "a.vtt")
    except UsageError:
        return
    text = written(cues).decode()
    assert read_captions(text.encode(), "a.vtt") == cues
    assert "<" not in text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        cues = read_captions(b"WEBVTT\n\n" + content, "a.vtt")
    except UsageError:
        return
    assert all(cue.start < cue.end and cue.text for cue in cues)
