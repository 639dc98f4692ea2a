"""`python -m embedded`: refuses an unfit Python before it reads a line that would not compile there."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get a sentence, not a traceback
    sys.exit(
        f"Python 3.11 or newer is needed, not {sys.version_info[0]}.{sys.version_info[1]}."
        " Try: make run PYTHON=python3.11"
    )
if sys.platform == "win32":
    sys.exit("Windows is not supported; use Linux, macOS or the Windows Subsystem for Linux.")

from embedded.cli import main

sys.exit(main(sys.argv[1:]))
