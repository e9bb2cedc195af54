"""`python -m lock`."""

import sys

from lock.cli import main

sys.exit(main())
