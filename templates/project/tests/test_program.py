from click.testing import CliRunner
from demo_app import main


def test_it_greets() -> None:
    assert CliRunner().invoke(main, ["Nix"]).output == "Hello, Nix!\n"
