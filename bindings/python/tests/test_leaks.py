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


# A query of every object, taken in turns.
QUERIES = [
    lambda phone, client: phone.clients().timeline(client, None, 5),
    lambda phone, client: phone.segments().list(0, 5),
    lambda phone, client: phone.visits().tasks(client),
    lambda phone, client: phone.catalogue().families(),
    lambda phone, client: phone.orders().of_client(client, 0, 5),
    lambda phone, client: phone.offers().of_client(client, 5),
    lambda phone, client: phone.sales().documents(client, 0, 5),
    lambda phone, client: phone.today().notices(0, 5),
    lambda phone, client: phone.search().clients("bar", 5),
    lambda phone, client: phone.attention().refused(0, 5),
    lambda phone, client: phone.sync().unsent(0, 5),
    lambda phone, client: phone.figures().of_client(client),
    lambda phone, client: phone.people().list(0, 5),
    lambda phone, client: phone.settings().diagnostics(),
    lambda phone, client: phone.enrolment().identity(),
]


def test_ten_thousand_opens_listeners_and_queries_leave_nothing_behind(tmp_path):
    def round(number):
        with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
            listening = phone.listen(Deaf())
            rows = phone.clients().page(None, 50).rows
            assert len(rows) == 20
            QUERIES[number % len(QUERIES)](phone, rows[0].id)
            listening.end()

    with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
        for number in range(20):
            phone.clients().create(cartera.NewClient(fields=[cartera.text("name", f"Bar {number}")]))
    for number in range(WARM_UP):
        round(number)
    before = footprint()
    for number in range(ROUNDS):
        round(number)
    after = footprint()
    print(f"flat: {ROUNDS} opens and listeners, {before} before, {after} after")
    assert after[0] - before[0] < GROWTH_KIB_MAX, (before, after)
    assert after[1] - before[1] < 20 and after[2] - before[2] < 20, (before, after)
