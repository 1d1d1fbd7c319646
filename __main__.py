"""The `kedge` command, which is also `python -m kedge`: as little as there can be before Ctrl-C finds an answer."""

import os
import sys

try:
    try:
        here = os.getcwd()
    except OSError:
        here = ""  # the folder is gone
    if not sys.flags.safe_path and sys.path[:1] == [here]:
        # Python looks for modules in the current folder first, and a plan may come from anyone.
        del sys.path[0]
    from .cli.main import main
except KeyboardInterrupt:
    os._exit(130)

if __name__ == "__main__":
    main()
