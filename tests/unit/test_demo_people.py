"""The demo world's queues: first come, first served, nobody in two places, and what a shift does not reach waits."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.demo.network import network
from pipelines.demo.people import present, worked

TASKS = st.lists(st.tuples(st.floats(-500, 600), st.floats(0.5, 90)), min_size=1, max_size=40)


@given(tasks=TASKS, people=st.integers(1, 4))
def test_nobody_does_two_things_at_once_and_all_work_lies_in_the_shift(tasks, people):
    ready, minutes = (np.array(column) for column in zip(*tasks, strict=True))
    began, ended, who = worked(ready, minutes, people=np.arange(people), opens=60, closes=480)
    done = np.isfinite(ended)
    assert (who[done] >= 0).all()
    assert (who[~done] == -1).all()
    assert (began[done] >= np.maximum(ready[done], 60)).all()
    assert (began[done] < 480).all()
    np.testing.assert_allclose(ended[done] - began[done], minutes[done])
    for person in range(people):
        mine = np.flatnonzero(done & (who == person))
        mine = mine[np.argsort(began[mine])]
        assert (began[mine][1:] >= ended[mine][:-1] - 1e-9).all()


@given(tasks=TASKS)
def test_who_came_first_is_served_first(tasks):
    ready, minutes = (np.array(column) for column in zip(*tasks, strict=True))
    began, _, _ = worked(ready, minutes, people=np.arange(2), opens=0, closes=480)
    order = np.argsort(ready, kind="stable")
    served = np.isfinite(began[order])
    assert (np.diff(began[order][served]) >= 0).all()
    assert served.tolist() == sorted(served.tolist(), reverse=True), (
        "whoever came before one who was served was served too"
    )


def test_two_clerks_wait_less_than_one():
    """Waiting arises from the queue, not from a distribution."""
    ready, minutes = np.zeros(10), np.full(10, 10.0)
    one = worked(ready, minutes, people=np.arange(1), opens=0, closes=480)[1]
    two = worked(ready, minutes, people=np.arange(2), opens=0, closes=480)[1]
    assert one.max() == 100
    assert two.max() == 50


def test_everybody_has_a_station_and_a_name_of_their_own():
    staff = network("large", 7).staff
    assert len(set(staff.names.tolist())) == len(staff.names)
    placed = np.concatenate([station.people for station in staff.stations.values()])
    assert sorted(placed.tolist()) == list(range(len(staff.names)))


def test_somebody_always_comes_to_work():
    net = network("small", 7)
    assert all(len(present(s, net.dice, day)) for s in net.staff.stations.values() for day in range(20_000, 20_200))
