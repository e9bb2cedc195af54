"""A service that greets, and keeps notes for those who know its token."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

app = FastAPI(title="demo-api")
notes: list["Note"] = []


class Note(BaseModel):
    """A note."""

    text: str


def token() -> str:
    """Return the secret of the variable TOKEN, or of the file that TOKEN_FILE names; else ""."""
    file = os.environ.get("TOKEN_FILE")
    return Path(file).read_text().strip() if file else os.environ.get("TOKEN", "")


def known(sent: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> None:
    """Refuse who doesn't know the token; without a token, everybody."""
    expected = token()
    if not expected or not secrets.compare_digest(sent.credentials.encode(), expected.encode()):
        raise HTTPException(403, "the token is wrong")


@app.get("/")
def greet(name: str = "world") -> dict[str, str]:
    """Greet."""
    return {"message": f"Hello, {name}!"}


@app.post("/notes", dependencies=[Depends(known)], status_code=201)
def add(note: Note) -> list[Note]:
    """Keep a note; return all."""
    notes.append(note)
    return notes


def main() -> None:
    """Serve where the variables HOST and PORT say."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    uvicorn.run(app, host=host, port=port)
