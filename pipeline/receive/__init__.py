"""The one read of the card: every file is streamed once into ``incoming/`` while its sha512, sha256 and size are computed.

What it promises: names byte-exact, links not followed, special files never opened, nothing written outside the deposit's own
folder, a file that cannot be read is a finding and the rest goes on. What it leaves out: judging the material (identify, describe, check).
"""

from pipeline.receive.intake import Intake, forget, receive
from pipeline.receive.leftovers import Waiting, waiting
from pipeline.receive.listing import Entry, Listing
from pipeline.receive.sources import list_source

__all__ = ["Entry", "Intake", "Listing", "Waiting", "forget", "list_source", "receive", "waiting"]
