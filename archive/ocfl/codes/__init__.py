"""Every validation code of OCFL, with the specification's sentence and what it means for an officer.

The codes are those of OCFL 1.1 (107 errors, 15 warnings; https://ocfl.io/1.1/spec/validation-codes.html). OCFL 1.0 has 98 of the errors and
14 of the warnings with the same meaning, and three errors that 1.1 took back because nothing can check them or nobody used them: E068, E086
and E091. Those are not here.

`sentence` is quoted from the OCFL specification by Neil Jefferies, Rosalyn Metz, Julian Morley, Simeon Warner and Andrew Woods
(https://ocfl.io, https://github.com/OCFL/spec), licensed under the Creative Commons Attribution 4.0 License
(https://creativecommons.org/licenses/by/4.0/); the other sentences are ours. The JSON files beside this module hold the table, one file
for each part of the specification.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SPECIFICATION = "https://ocfl.io/1.1/spec/"
PARTS = (
    "object",
    "versions",
    "digests",
    "inventory",
    "manifest",
    "version_blocks",
    "fixity",
    "sidecars_and_extensions",
    "storage_root",
    "storage_hierarchy",
)


@dataclass(frozen=True, slots=True)
class Code:
    """One code of the specification.

    Attributes:
        code: "E001" to "E112", "W001" to "W016".
        severity: "error" breaks a MUST of the specification and makes the object or root invalid, "warning" breaks a SHOULD.
        sentence: the specification's own words for the rule.
        section: where the rule stands in OCFL 1.1, such as "3.5.3.1".
        versions: versions of OCFL whose validation codes have it.
        words: for an officer who never read the specification, what is wrong, by language ("vi", "en", "th").
        advice: what to do now, by language.
    """

    code: str
    severity: Literal["error", "warning"]
    sentence: str
    section: str
    versions: tuple[str, ...]
    words: dict[str, str] = field(hash=False)
    advice: dict[str, str] = field(hash=False)

    @property
    def url(self) -> str:
        """Where the rule can be read on the web."""
        return f"{SPECIFICATION}#{self.code}"


def _read(part: str) -> dict[str, Code]:
    """The codes of one part of the specification, in the order of its sections."""
    entries = json.loads((Path(__file__).parent / f"{part}.json").read_bytes())
    return {
        code: Code(
            code=code,
            severity="error" if code.startswith("E") else "warning",
            sentence=entry["sentence"],
            section=entry["section"],
            versions=tuple(entry["versions"]),
            words=entry["words"],
            advice=entry["advice"],
        )
        for code, entry in entries.items()
    }


CODES: dict[str, Code] = {code: found for part in PARTS for code, found in _read(part).items()}
"""Code → what it means; in the order of the specification's sections."""
