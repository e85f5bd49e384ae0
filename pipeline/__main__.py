"""``python -m pipeline``: the command line that writes."""

import sys

from pipeline.cli import main

sys.exit(main())
