"""The program that runs inside derivations: wheels become trees, trees become an environment."""
