"""Runs the program: `python -m demo_site`."""

from demo_site.program import main

main()
