"""Runs nixpkgs-expression: python -m init.nixpkgs."""

from init.nixpkgs.main import program

if __name__ == "__main__":
    program()
