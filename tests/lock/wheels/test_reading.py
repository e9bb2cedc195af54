"""In which order the wheels of a lock are read."""

from lock.models.packages import File
from lock.models.target import SYSTEMS, Target
from lock.wheels.locked_file import LockedFile
from lock.wheels.reading import by_kind


def test_large_wheels_are_read_beside_small_ones_and_the_longest_first() -> None:
    target = Target(SYSTEMS["x86_64-linux"], "3.11")
    sizes = {"a": 1 << 19, "b": None, "c": 1 << 20, "d": 1 << 25, "e": (1 << 20) - 1}
    wheels = [
        LockedFile(
            name, "1.0", File(f"{name}.whl", f"https://a.test/{name}.whl", name, size), target
        )
        for name, size in sizes.items()
    ]
    assert [[one.name for one in kind] for kind in by_kind(wheels)] == [["d", "c"], ["e", "a", "b"]]
    assert [[one.name for one in kind] for kind in by_kind(wheels[:2])] == [["a", "b"]]
    assert by_kind([]) == []
