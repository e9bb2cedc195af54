"""A service that counts its visitors."""
