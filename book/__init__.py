"""Builds the documents as a book: static pages with a contents tree and a search."""
