"""One folding of words for search, used for what is indexed and for what is asked, in every database and on every page.

``dinh thac gian`` must find *Đình Thạc Gián*. SQLite's own ``remove_diacritics`` does not do it: đ is a letter of its own and has no
decomposition. Only U+0300–036F are dropped: the vowel and tone marks of Thai and Khmer are combining characters too, and words
without them would be other words.
"""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]+")
_STROKED = str.maketrans({"đ": "d", "Đ": "d"})


def fold(text: str) -> str:
    """The text without Latin diacritics and without case, in NFC; Thai and Khmer keep their marks."""
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_STROKED)))
    return unicodedata.normalize("NFC", plain).lower()


def gram_token(gram: str) -> str:
    """One or two characters as a token of plain letters and digits, which no tokenizer takes apart ("กา" → "e01xe32")."""
    return "x".join(f"{ord(character):x}" for character in gram)
