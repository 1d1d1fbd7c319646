"""The `kedge` command, which is also `python -m kedge`: as little as there can be before Ctrl-C finds an answer."""

import os
import sys

try:
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Until `main` can answer, Ctrl-C ends the process at once: raised inside a callback of Python's own it would
        # be printed and forgotten.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
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
