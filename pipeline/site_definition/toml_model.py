"""What every table of a site folder's TOML files keeps to, and how it is said what is wrong with one."""

import tomllib
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.records.text import LocalText
from pipeline.site_definition.faults import SiteFaultError, wrong_fields

ShortName = Annotated[str, Field(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$")]
"""Lower-case letters, digits and hyphens: stands in addresses."""
FILE_REFERENCE = "file:"
Number = Annotated[float, Field(strict=True)]
"""A number; true and false are none."""
Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """A table without unknown fields and without numbers that are none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Words(Strict):
    """The same words by language."""

    vi: str | None = None
    en: str | None = None
    th: str | None = None

    def record(self) -> LocalText:
        """As the records hold them."""
        return LocalText(self.vi, self.en, self.th)


def parse(model: type[Model], content: bytes, name: str) -> Model:
    """A TOML file as its model.

    Raises:
        SiteFaultError: not UTF-8, not TOML, or a field is wrong; the message names file and field.
    """
    found: dict[str, Any] = {}
    try:
        found = tomllib.loads(content.decode())
        return model.model_validate(found)
    except UnicodeDecodeError as error:
        raise SiteFaultError(f"{name} is not UTF-8 text.", advice="Save it as UTF-8.", detail=str(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise SiteFaultError(f"{name} cannot be read: {error}.", advice="Mend that line; TOML strings stand in quotes.") from error
    except RecursionError as error:
        raise SiteFaultError(f"{name} cannot be read: it is nested too deeply.", advice="Write it again from a sample site.") from error
    except ValidationError as error:
        raise wrong_fields(name, model, found, error) from error


def reference(name: str) -> str:
    """An asset's reference in a tour: an ARK as it is, a file name as ``file:NAME``."""
    return name if name.startswith(("ark:", FILE_REFERENCE)) else FILE_REFERENCE + name
