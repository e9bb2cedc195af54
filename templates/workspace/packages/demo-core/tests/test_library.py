from demo_core import greeting


def test_it_greets() -> None:
    assert greeting("Nix") == "Hello, Nix!"
