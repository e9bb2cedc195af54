"""Nix' base-32 encoding of hashes: digits from the last bit to the first, without e, o, t, u."""

ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz"


def from_hex(digest: str) -> str:
    """Return Nix' encoding of a hexadecimal hash of any length: 52 characters for a sha256.

    Raises ValueError if `digest` is not hexadecimal.
    """
    data = bytes.fromhex(digest)
    number = int.from_bytes(data, "little")
    length = (len(data) * 8 + 4) // 5
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def to_hex(text: str) -> str:
    """Return the hexadecimal form of a hash in Nix' encoding.

    Raises ValueError if `text` is none.
    """
    number = 0
    for digit in text:
        number = number << 5 | ALPHABET.index(digit)
    length = len(text) * 5 // 8
    try:
        return number.to_bytes(length, "little").hex()
    except OverflowError:
        raise ValueError("this is no hash in Nix' base 32") from None
