"""Runs the service: `python -m demo_api`."""

from demo_api import main

main()
