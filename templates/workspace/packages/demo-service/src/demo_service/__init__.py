"""A web service that greets."""

import os

import uvicorn
from demo_core import greeting
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route


def greet(request: Request) -> PlainTextResponse:
    """Greet whom the path names."""
    return PlainTextResponse(greeting(request.path_params["name"]))


application = Starlette(routes=[Route("/{name}", greet)])


def main() -> None:
    """Serve on the port that the variable PORT names."""
    uvicorn.run(application, host="127.0.0.1", port=int(os.environ.get("PORT", "8000")))
