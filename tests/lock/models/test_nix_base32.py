"""Hashes in Nix' base 32, against what `nix hash to-base32` gives."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lock.models.nix_base32 import ALPHABET, from_hex, to_hex


@pytest.mark.parametrize(
    ("algorithm", "data", "expected"),
    [
        ("sha256", b"", "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73"),
        ("sha256", b"abc", "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s"),
        ("sha1", b"abc", "kpcd173cq987hw957sx6m0868wv3x6d9"),
        ("md5", b"abc", "3jgzhjhz9zjvbb0kyj7jc500ch"),
    ],
)
def test_it_writes_what_nix_writes(algorithm, data, expected):
    assert from_hex(hashlib.new(algorithm, data).hexdigest()) == expected


@given(st.binary(min_size=32, max_size=32))
def test_every_bit_of_a_sha256_is_kept(data):
    text = from_hex(data.hex())
    assert len(text) == 52
    number = 0
    for digit in text:
        number = number * 32 + ALPHABET.index(digit)
    assert number.to_bytes(32, "little") == data


def test_what_is_not_hexadecimal_is_refused():
    with pytest.raises(ValueError, match="hex"):
        from_hex("xyz")


@given(st.binary(min_size=1, max_size=64))
def test_a_hash_is_read_back(data):
    assert to_hex(from_hex(data.hex())) == data.hex()


@pytest.mark.parametrize("text", ["e" * 52, "z" * 52, "é"])
def test_what_is_no_hash_is_refused(text):
    with pytest.raises(ValueError):
        to_hex(text)
