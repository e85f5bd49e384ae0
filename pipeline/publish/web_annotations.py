"""The annotations of a site as W3C Web Annotations: ``annotations.json``, one page of all, on the canvases of its manifests.

https://www.w3.org/TR/annotation-model/ , in the profile of IIIF Presentation 3. A place in space stands on the draft scene of its model.
"""

from collections.abc import Iterator

from archive.records.publication import PublicSite
from pipeline.publish.presentation.document import write
from pipeline.publish.presentation.statements import statements_page


def make(site: PublicSite) -> Iterator[tuple[str, bytes]]:
    """The page of annotations; none of a site that has none."""
    page = statements_page(site)
    if page is not None:
        yield "annotations.json", write(page)
