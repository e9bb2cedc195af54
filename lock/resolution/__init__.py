"""Resolution by uv: the request, the run, its uv.lock, and its messages."""
