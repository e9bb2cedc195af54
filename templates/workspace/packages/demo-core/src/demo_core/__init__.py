"""What the service knows."""


def greeting(name: str) -> str:
    """Return a greeting."""
    return f"Hello, {name}!"
