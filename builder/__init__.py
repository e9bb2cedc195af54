"""The program that runs inside derivations: it unpacks wheels and composes environments of them."""
