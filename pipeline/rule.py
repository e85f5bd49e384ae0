"""A rule of the pipeline: its stable code, what it means for the asset, and the officer's sentence in three languages."""

from dataclasses import dataclass

from archive.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. The sentences are templates for :meth:`str.format`: what is wrong, then what to do now."""

    code: str
    severity: Severity
    vi: str
    en: str
    th: str

    def finding(self, path: str, detail: str = "", **values: object) -> Finding:
        """The finding of this rule at a deposit path ("" for the whole deposit); ``values`` fill the sentences."""
        words = {"vi": self.vi, "en": self.en, "th": self.th}
        return Finding(self.code, self.severity, path, {key: text.format(**values) for key, text in words.items()}, detail)
