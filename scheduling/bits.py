"""Arithmetic on sets of numbers kept as the bits of one int: pure, exact, without a loop over the numbers."""

from collections.abc import Iterator, Sequence


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


def joined(parts: Sequence[tuple[int, int]]) -> int:
    """Sets with their sizes, one after the other: the first keeps its numbers. Halves are joined, as bits put into a
    large int one after the other would copy all of it each time."""
    while len(parts) > 1:
        pairs = zip(parts[::2], parts[1::2], strict=False)
        last = parts[-1:] if len(parts) % 2 else []
        parts = [*((low | high << size, size + more) for (low, size), (high, more) in pairs), *last]
    return parts[0][0] if parts else 0


def nearest(members: int, to: int) -> int | None:
    """The number that is closest, the smaller of two; None of an empty set."""
    below, above = members & ones(0, to + 1), members >> to
    under = below.bit_length() - 1 if below else None
    over = to + (above & -above).bit_length() - 1 if above else None
    if under is None or over is None:
        return over if under is None else under
    return under if to - under <= over - to else over


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
