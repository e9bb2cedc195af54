#!/usr/bin/env python3
# /// script
# requires-python = ">=3.12"
# dependencies = ["rich>=13"]
# ///
"""Print a table of files and their sizes."""

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

table = Table("file", "bytes")
for file in map(Path, sys.argv[1:]):
    table.add_row(file.name, str(file.stat().st_size))
Console().print(table)
