"""The other copies of the archive: kept up to date, checked like the first, and a source for repairs."""
