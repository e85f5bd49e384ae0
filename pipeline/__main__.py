"""``python -m pipeline``: the command line that writes."""

import json
import os
import sys

COULD_NOT = 2


def start() -> int:
    """Runs the command line; Ctrl-C while it is still being loaded is answered too."""
    try:
        from pipeline.cli import main

        return main()
    except KeyboardInterrupt:
        if "--json" in sys.argv:
            answer = {"error": {"kind": "Interrupted", "message": "Stopped before anything was begun.", "advice": ""}}
            sys.stdout.write(json.dumps(answer) + "\n")
        return COULD_NOT


if __name__ == "__main__":
    code = start()
    if code == COULD_NOT:
        # Python ends itself with the signal, whatever the exit code, when Ctrl-C came inside exec() (dataclasses, named tuples).
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
