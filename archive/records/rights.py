"""Which rights statements are known: Creative Commons, RightsStatements.org and Open Data Commons, by URI and by short name.

Sources: creativecommons.org/licenses, rightsstatements.org/page (version 1.0), opendatacommons.org/licenses.
"""

import re

_STATEMENTS = {
    "in copyright": "InC",
    "in copyright - eu orphan work": "InC-OW-EU",
    "in copyright - educational use permitted": "InC-EDU",
    "in copyright - non-commercial use permitted": "InC-NC",
    "in copyright - rights-holder(s) unlocatable or unidentifiable": "InC-RUU",
    "no copyright - contractual restrictions": "NoC-CR",
    "no copyright - non-commercial use only": "NoC-NC",
    "no copyright - other known legal restrictions": "NoC-OKLR",
    "no copyright - united states": "NoC-US",
    "copyright not evaluated": "CNE",
    "copyright undetermined": "UND",
    "no known copyright": "NKC",
}
_LICENCES = r"by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd"
_KNOWN = re.compile(
    rf"https?://(?:creativecommons\.org/(?:licenses/(?:{_LICENCES})/[1-4]\.\d(?:/\w+)*|publicdomain/(?:zero|mark)/1\.0)"
    rf"|rightsstatements\.org/(?:vocab|page)/(?:{'|'.join(_STATEMENTS.values())})/1\.0"
    r"|opendatacommons\.org/licenses/(?:pddl|by|odbl)(?:/1-0)?)/?(?:deed(?:\.\w+)?|\?.*)?"
)
_SHORT = re.compile(rf"cc[ -](?P<licence>{_LICENCES})[ -](?P<version>[1-4]\.0)")


def is_known_statement(statement: str) -> bool:
    """Whether a statement is the URI of a licence or rights statement that others understand."""
    return _KNOWN.fullmatch(statement) is not None


def statement_of(text: str) -> str:
    """The URI of a statement that is given by its short name ("CC BY 4.0", "CC0", "In Copyright"); any other text as it is."""
    name = " ".join(text.replace("–", "-").split()).casefold()
    if match := _SHORT.fullmatch(name):
        return f"https://creativecommons.org/licenses/{match['licence']}/{match['version']}/"
    if name in {"cc0", "cc0 1.0", "cc 0", "cc-0"}:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if name in {"public domain mark", "public domain mark 1.0", "pdm"}:
        return "https://creativecommons.org/publicdomain/mark/1.0/"
    if name in _STATEMENTS or name in {one.casefold() for one in _STATEMENTS.values()}:
        code = _STATEMENTS.get(name) or next(one for one in _STATEMENTS.values() if one.casefold() == name)
        return f"http://rightsstatements.org/vocab/{code}/1.0/"
    return text
