"""Nix' base 32: the digits of a hash from the last bit to the first, without e, o, t and u."""

ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz"


def from_hex(digest: str) -> str:
    """A hexadecimal hash, of any length, as Nix writes it: 52 characters for a sha256.

    Raises ValueError when `digest` is not hexadecimal.
    """
    data = bytes.fromhex(digest)
    number = int.from_bytes(data, "little")
    length = (len(data) * 8 + 4) // 5
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def to_hex(text: str) -> str:
    """The hexadecimal form of a hash in Nix' base 32.

    Raises ValueError when `text` is not one.
    """
    number = 0
    for sign in text:
        number = number << 5 | ALPHABET.index(sign)
    length = len(text) * 5 // 8
    try:
        return number.to_bytes(length, "little").hex()
    except OverflowError:
        raise ValueError("this is no hash in Nix' base 32") from None
