"""Packages that don't come from an index: by an address, or from a page of links."""

import hashlib

from lock.nix32 import from_hex


def links(sources):
    """Each link's lines, without their keys' order."""
    return sources.partition("\nlinks:\n")[2]


def test_a_wheel_by_its_address_is_pinned_by_its_hash(lock, index):
    index.wheel("alpha", "1.0", "beta")
    index.wheel("beta", "2.0")
    data = index.files["/files/alpha-1.0-py3-none-any.whl"]
    # No index knows it.
    index.pages.pop("/simple/alpha/")
    url = f"{index.url}/files/alpha-1.0-py3-none-any.whl"
    lock.write(f"alpha: {{url: '{url}'}}\n")
    found = links(lock.succeed("3.11"))
    assert f'url: "{url}"' in found
    assert f'sha256: "{from_hex(hashlib.sha256(data).hexdigest())}"' in found
    assert 'name: "beta-2.0-py3-none-any.whl"' in found


def test_a_source_distribution_by_its_address_has_its_build_pinned(lock, index):
    index.sdist("alpha", "1.0")
    index.pages.pop("/simple/alpha/")
    url = f"{index.url}/files/alpha-1.0.tar.gz"
    lock.write(f"alpha: {{url: '{url}'}}\n")
    sources = lock.succeed("3.11")
    assert f'url: "{url}"' in links(sources)
    assert '\nbuilds:\n  - package: "alpha"\n' in sources


def test_a_page_of_links_stands_in_place_of_an_index(lock, index):
    index.wheel("alpha", "1.0")
    file = "alpha-1.0-py3-none-any.whl"
    digest = hashlib.sha256(index.files[f"/files/{file}"]).hexdigest()
    index.files["/links/"] = f'<a href="../files/{file}#sha256={digest}">{file}</a>'.encode()
    index.pages.clear()
    lock.write(f"--no-index\n-f {index.url}/links/\nalpha\n", "requirements.txt")
    # It would go before what the file says.
    del lock.environment["UV_DEFAULT_INDEX"]
    found = links(lock.succeed("3.11", "requirements.txt"))
    assert f'url: "{index.url}/files/alpha-1.0-py3-none-any.whl"' in found
