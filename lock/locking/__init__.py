"""From requirements to a lock: uv is asked, and each system gets its file of each package."""
