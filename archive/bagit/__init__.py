"""BagIt (RFC 8493, and the drafts 0.93 to 0.97): read, judged, written; no link is followed and nothing downloaded."""
