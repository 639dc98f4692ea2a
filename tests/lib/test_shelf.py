"""There is room for so much; what came first goes first."""

from lib.shelf import Shelf


def test_it_returns_what_was_put_there():
    shelf = Shelf[str, int](3)
    shelf.put("a", 1)
    assert (shelf.get("a"), shelf.get("b"), len(shelf)) == (1, None, 1)
    shelf.drop("a")
    shelf.drop("b")
    assert (shelf.get("a"), shelf.weight) == (None, 0)


def test_the_oldest_make_room():
    shelf = Shelf[str, int](3)
    for number, key in enumerate("abcd"):
        shelf.put(key, number)
    assert [shelf.get(key) for key in "abcd"] == [None, 1, 2, 3]


def test_what_is_put_again_is_the_latest_and_weighs_once():
    shelf = Shelf[str, int](3)
    for key in "abca":
        shelf.put(key, 0)
    shelf.put("d", 0)
    assert [key for key in "abcd" if shelf.get(key) is not None] == ["a", "c", "d"]
    assert shelf.weight == 3


def test_what_is_too_large_is_not_kept():
    shelf = Shelf[str, int](3)
    shelf.put("a", 0, weight=4)
    assert (len(shelf), shelf.weight) == (0, 0)
    shelf.put("a", 0, weight=2)
    shelf.clear()
    assert (len(shelf), shelf.weight) == (0, 0)
