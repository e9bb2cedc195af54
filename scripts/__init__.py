"""Programs for developers, in Python where they are longer than a page."""
