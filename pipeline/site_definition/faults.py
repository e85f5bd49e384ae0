"""What is wrong in a file of a site folder, in plain words and in the officer's language: the field, what is wrong, what to write."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from archive.errors import UsageError
from archive.records.text import Language, LocalText

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MOST_FAULTS = 12
_ADVICE = "Mend these fields; docs/howto/site-folder.md explains them."
_CLOSE = 0.6
_NAMES = ("panorama", "id", "date", "name")
"""Fields by which one of a list is known, besides its number."""
_DATES = "1998, 2016-03, 2016-03-14, 192X, 19XX, 1925~, 1925?"


class SiteFaultError(UsageError):
    """A site folder that cannot be saved as it is: nothing is wrong with the command."""


def wrong_fields(name: str, model: type[BaseModel], content: Any, error: ValidationError) -> SiteFaultError:
    """The wrong fields of a file in one sentence; of very many the first.

    Args:
        name: of the file.
        model: what it should be.
        content: what was read.
        error: what the model says of it.
    """
    faults = error.errors()
    sentences = [_sentence(fault, content, model) for fault in faults[:MOST_FAULTS]]
    if (rest := len(faults) - MOST_FAULTS) > 0:
        sentences.append(LocalText(f"và {rest} lỗi nữa", f"and {rest} more", f"และอีก {rest} จุด"))
    said = LocalText(*("; ".join(str(one.get(language)) for one in sentences) for language in Language))
    values = {"name": name, "faults": said}
    return SiteFaultError(f"{name}: {said.en}.", advice=_ADVICE, detail=str(error), code="site-fields", values=values)


def _sentence(fault: "ErrorDetails", content: Any, model: type[BaseModel]) -> LocalText:
    place = ", ".join(_place(fault["loc"], content)) or "–"
    said = _said(fault, model)
    return LocalText(*(f"{place}: {words}" for words in (said.vi, said.en, said.th)))


def _place(loc: Sequence[int | str], content: Any) -> Iterator[str]:
    """The way to a field: numbers count from 1, and one of a list bears its name where it has one."""
    here = content
    for part in loc:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            named = next((str(here[key]) for key in _NAMES if key in here), "") if isinstance(here, Mapping) else ""
            yield f"{part + 1} ({named})" if named else str(part + 1)
        else:
            here = here.get(part) if isinstance(here, Mapping) else here
            yield part


def _said(fault: "ErrorDetails", model: type[BaseModel]) -> LocalText:
    kind, context = fault["type"], fault.get("ctx", {})
    field = str(fault["loc"][-1]) if fault["loc"] else ""
    if kind == "extra_forbidden":
        return _unknown(field, model)
    if kind == "model_type" and isinstance(fault["input"], str):
        return LocalText(
            f"chữ phải ghi theo ngôn ngữ: {field}.vi = “…”", f"words stand by language: write {field}.vi = “…”",
            f"ข้อความต้องแยกตามภาษา: เขียน {field}.vi = “…”",
        )  # fmt: skip
    if kind == "string_pattern_mismatch":
        return _pattern(field)
    if kind in {"literal_error", "enum"}:
        expected = context.get("expected", "")
        return LocalText(f"phải là một trong: {expected}", f"has to be one of: {expected}", f"ต้องเป็นหนึ่งใน: {expected}")
    if kind in _LIMITS:
        sign, key = _LIMITS[kind]
        return _text("phải là số {0} {1}", "has to be a number {0} {1}", "ต้องเป็นตัวเลข {0} {1}", sign, context[key])
    return _plain(kind, fault)


_LIMITS = {
    "greater_than_equal": ("≥", "ge"), "greater_than": (">", "gt"), "less_than_equal": ("≤", "le"), "less_than": ("<", "lt"),
}  # fmt: skip
_MISSING = LocalText("thiếu mục này", "is missing", "ไม่มีช่องนี้")
_NUMBER = LocalText("phải là một con số, không có ngoặc kép", "has to be a number, without quotes", "ต้องเป็นตัวเลข ไม่มีเครื่องหมายคำพูด")
_TEXT = LocalText("phải là chữ trong ngoặc kép", "has to be text in quotes", "ต้องเป็นข้อความในเครื่องหมายคำพูด")
_LIST = LocalText("phải là danh sách trong [ ]", "has to be a list in [ ]", "ต้องเป็นรายการใน [ ]")
_TABLE = LocalText("phải là một bảng có các mục riêng", "has to be a table with fields of its own", "ต้องเป็นตารางที่มีช่องย่อย")
_PLAIN = (("missing", _MISSING), ("float", _NUMBER), ("int", _NUMBER), ("finite", _NUMBER), ("string_type", _TEXT), ("tuple_type", _LIST),
          ("model", _TABLE), ("dict", _TABLE))  # fmt: skip


def _plain(kind: str, fault: "ErrorDetails") -> LocalText:
    """What needs no more than its kind; a sentence of a model of ours as it is."""
    for begin, words in _PLAIN:
        if kind.startswith(begin):
            return words
    message = fault["msg"].removeprefix("Value error, ")
    return LocalText(message, message, message)


def _text(vi: str, en: str, th: str, *values: object) -> LocalText:
    return LocalText(*(words.format(*values) for words in (vi, en, th)))


def _unknown(field: str, model: type[BaseModel]) -> LocalText:
    close = difflib.get_close_matches(field, sorted(_fields(model.model_json_schema())), 1, _CLOSE)
    if close:
        return _text(
            "không có mục này (có phải {0}?)", "there is no such field (did you mean {0}?)", "ไม่มีช่องนี้ (หมายถึง {0} หรือไม่)", close[0]
        )
    return LocalText("không có mục này", "there is no such field", "ไม่มีช่องนี้")


def _fields(schema: Mapping[str, Any]) -> set[str]:
    """The names of all fields of a model and of what it holds."""
    return {name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})}


def _pattern(field: str) -> LocalText:
    if field == "date":
        return _text("ngày phải ghi như: {0}", "a date is written like: {0}", "วันที่ต้องเขียนเช่น: {0}", _DATES)
    if field == "file":
        return _text("phải là tên tệp SVG, như {0}", "has to be the name of an SVG file: {0}", "ต้องเป็นชื่อไฟล์ SVG เช่น {0}", "plan.svg")
    return _text(
        "chỉ chữ thường không dấu, số và gạch nối, như {0}",
        "only lower-case letters without marks, digits and hyphens, like {0}",
        "ใช้ได้เฉพาะตัวอักษรละตินพิมพ์เล็ก ตัวเลข และขีดกลาง เช่น {0}",
        "house_type" if field == "name" else "dinh-lang",
    )
