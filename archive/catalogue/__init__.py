"""The index over the archive: for search, for finding what is there already, for lists. Disposable: made again from storage alone."""

from archive.catalogue.index import Catalogue, CatalogueDamageError, open_catalogue
from archive.catalogue.rows import AssetRow, CatalogueHit, DepositRow, KnownFile, SiteRow

__all__ = ["AssetRow", "Catalogue", "CatalogueDamageError", "CatalogueHit", "DepositRow", "KnownFile", "SiteRow", "open_catalogue"]
