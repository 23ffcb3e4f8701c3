"""`python -m styrhjul`: the command line."""

from __future__ import annotations

import os
import sys

from styrhjul.cli.app import main

if __name__ == "__main__":
    os.umask(0o077)  # the database and the caught mails hold what only its owner may read
    sys.exit(main())
