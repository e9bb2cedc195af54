"""Indexes: what they are asked, by which ways, and with which credentials."""
