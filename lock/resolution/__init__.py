"""uv: how it is asked, what it resolved, and what it means when it can't."""
