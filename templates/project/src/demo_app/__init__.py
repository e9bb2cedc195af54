"""A program that greets."""

import click


@click.command()
@click.argument("name", default="world")
@click.version_option(package_name="demo-app")
def main(name: str) -> None:
    """Greet NAME."""
    click.echo(f"Hello, {name}!")
