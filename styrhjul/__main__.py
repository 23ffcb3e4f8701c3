"""`python -m styrhjul`: the command line."""

from __future__ import annotations

import sys

from styrhjul.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
