"""Arithmetic on sets of numbers kept as the bits of one int: pure, exact, without a loop over the numbers."""

from collections.abc import Iterator


def ones(first: int, end: int) -> int:
    """The numbers from `first` up to, not including, `end`."""
    return ((1 << (end - first)) - 1) << first if end > first else 0


def starts(free: int, length: int) -> int:
    """Where `length` numbers in a row are all in `free`: their first ones."""
    have = 1
    while have < length and free:
        step = min(have, length - have)
        free &= free >> step
        have += step
    return free


def shifted(members: int, least: int, most: int) -> int:
    """Every number moved by each of `least` to `most` places."""
    have, width = 1, most - least + 1
    moved = members << least if least >= 0 else members >> -least
    while have < width:
        step = min(have, width - have)
        moved |= moved << step
        have += step
    return moved


def shifted_back(members: int, least: int, most: int, size: int) -> int:
    """Every number moved down by each of `least` to `most` places, within 0 to `size`."""
    mirrored = shifted(mirror(members, size), least, most) & ones(0, size)
    return mirror(mirrored, size)


def mirror(members: int, size: int) -> int:
    """Each number n below `size` becomes size - 1 - n."""
    return int(f"{members:0{size}b}"[::-1], 2) if size else 0


def each(members: int) -> Iterator[int]:
    """The numbers, ascending."""
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def lowest(members: int) -> int | None:
    """The smallest number, None of an empty set."""
    return (members & -members).bit_length() - 1 if members else None
