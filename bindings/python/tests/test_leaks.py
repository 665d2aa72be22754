"""What is opened and closed leaves nothing behind."""

import gc
import os
import pathlib

import cartera

WARM_UP, ROUNDS = 500, 10_000
# Five kilobytes that each open left behind are more.
GROWTH_KIB_MAX = 48 * 1024


class Deaf(cartera.ChangeListener):
    def changed(self, changes):
        pass


def footprint():
    gc.collect()
    status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
    return int(status["VmRSS"].split()[0]), int(status["Threads"]), len(os.listdir("/proc/self/fd"))


def test_ten_thousand_opens_listeners_and_queries_leave_nothing_behind(tmp_path):
    def round():
        with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
            listening = phone.listen(Deaf())
            assert len(phone.clients().page(None, 50).rows) == 20
            listening.end()

    with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
        for number in range(20):
            phone.clients().create(cartera.NewClient(fields=[cartera.text("name", f"Bar {number}")]))
    for _ in range(WARM_UP):
        round()
    before = footprint()
    for _ in range(ROUNDS):
        round()
    after = footprint()
    print(f"flat: {ROUNDS} opens and listeners, {before} before, {after} after")
    assert after[0] - before[0] < GROWTH_KIB_MAX, (before, after)
    assert after[1] - before[1] < 20 and after[2] - before[2] < 20, (before, after)
