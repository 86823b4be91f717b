"""A minute of `make soak`: every fault in turn, under load, from a seed that stays the same."""

import pytest

from tests.notifications.faults.mix import TROUBLE, Mix

SEED, SECONDS = 20261130, 60


@pytest.mark.timeout(420)
@pytest.mark.django_db(transaction=True)
def test_a_minute_of_everything(tmp_path):
    mix = Mix(SEED, SECONDS, tmp_path)
    found, load = mix.run()
    print(mix.did, load.told, found, sep="\n")
    assert found.wrong == []
    assert (found.lost, found.doubled, found.after) == (0, 0, 0)
    # Something went, something did not, and everything was tried: else nothing was.
    assert found.sent > 20
    assert found.due == found.sent + found.unknown + found.failed + found.kept_back
    assert set(mix.did) == {act.__name__ for act in TROUBLE}
    for act in ("book", "book_now", "cancel", "move", "opt_out", "no_emails"):
        assert load.told[act], act
