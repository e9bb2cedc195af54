from click.testing import CliRunner
from demo import main


def test_it_greets() -> None:
    assert CliRunner().invoke(main, ["Nix"]).output == "Hello, Nix!\n"
