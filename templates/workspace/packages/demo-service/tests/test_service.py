from demo_service import application
from starlette.testclient import TestClient


def test_it_greets() -> None:
    assert TestClient(application).get("/Nix").text == "Hello, Nix!"
