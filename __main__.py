"""`python -m kedge` is `kedge`."""

import os
import sys

if not sys.flags.safe_path and sys.path[:1] == [os.getcwd()]:
    # Python looks for modules in the current folder first, and a plan may come from anyone.
    del sys.path[0]

from .cli.main import main

if __name__ == "__main__":
    main()
