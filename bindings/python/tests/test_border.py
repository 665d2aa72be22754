"""What Python sees of the border: errors, listeners, closing."""

import gc
import threading

import cartera
import pytest
from cartera import example
from relay import Relay


@pytest.fixture
def phone(tmp_path):
    with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
        yield phone


class Told(cartera.ChangeListener):
    def __init__(self, then=lambda: None):
        self.calls, self.news, self.then = [], threading.Condition(), then

    def changed(self, changes):
        with self.news:
            self.calls.append(changes)
            self.news.notify_all()
        self.then()

    def wait_for(self, number):
        with self.news:
            assert self.news.wait_for(lambda: len(self.calls) >= number, 30), self.calls
            return self.calls[number - 1]


def named(name):
    return cartera.NewClient(fields=[cartera.text("name", name)])


def test_errors_have_stable_codes_words_and_fields(phone):
    with pytest.raises(cartera.CarteraError.Invalid) as caught:
        phone.clients().create(cartera.NewClient(fields=[]))
    assert caught.value.code == "invalid"
    assert [(problem.field, problem.code) for problem in caught.value.problems] == [("name", "required")]
    words = cartera.error_words("store_full", cartera.Language.SPANISH)
    assert words.text == "No queda espacio en el móvil" and words.advice
    with pytest.raises(cartera.CarteraError.NotAllowed) as caught:
        phone.sync().now()
    assert caught.value.code == "not_enrolled"


def test_ids_of_one_kind_are_not_taken_for_another(phone):
    record = phone.orders().new_id()
    assert isinstance(record, cartera.RecordId) and not isinstance(record, cartera.ClientId)
    with pytest.raises(Exception):
        phone.clients().get(record.ulid)


def test_a_listener_hears_everything_first_and_nothing_once_it_ended(phone):
    told = Told()
    listening = phone.listen(told)
    assert told.wait_for(1).everything
    bar = phone.clients().create(named("Bar"))
    assert told.wait_for(2).clients == [bar]
    listening.end()
    other = Told()
    also = phone.listen(other)
    other.wait_for(1)
    phone.clients().create(named("Otro"))
    other.wait_for(2)
    assert len(told.calls) == 2
    also.end()


def test_a_listener_that_throws_or_blocks_hurts_nobody(phone):
    def throw():
        raise RuntimeError("on purpose")

    gate = threading.Event()
    thrower, blocker = Told(throw), Told(gate.wait)
    handles = [phone.listen(thrower), phone.listen(blocker)]
    thrower.wait_for(1), blocker.wait_for(1)
    bar = phone.clients().create(named("Bar"))
    assert thrower.wait_for(2).clients == [bar], "it is called again"
    assert len(blocker.calls) == 1, "it still blocks"
    assert phone.clients().count() == 1
    gate.set()
    assert blocker.wait_for(2).clients == [bar]
    [handle.end() for handle in handles]


def test_a_dropped_handle_ends_its_listening(phone):
    told = Told()
    listening = phone.listen(told)
    told.wait_for(1)
    del listening
    gc.collect()
    other = Told()
    kept = phone.listen(other)
    other.wait_for(1)
    phone.clients().create(named("Bar"))
    other.wait_for(2)
    assert len(told.calls) == 1
    kept.end()


def test_what_is_closed_says_so(tmp_path):
    with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
        clients = phone.clients()
        clients.create(named("Bar"))
    with pytest.raises(cartera.CarteraError.Broken) as caught:
        clients.count()
    assert (caught.value.code, caught.value.must_reopen) == ("closed", True)


def test_a_key_of_the_wrong_size_and_a_zone_that_is_none_are_refused(tmp_path):
    for options in ({"zone": "Europe/Madrid", "key": b"short"}, {"zone": "Europe/Atlantis"}):
        with pytest.raises(cartera.CarteraError.Invalid):
            with cartera.opened(tmp_path / "phone.db", **options):
                pass


def test_the_background_sync_sends_what_is_saved(tmp_path):
    relay = Relay(tmp_path)
    try:
        relay.run("people add Ana --role rep --all-territories")
        invitation = next(word for word in relay.run("enrol Ana").split() if "/enrol#" in word)
        with cartera.opened(tmp_path / "phone.db", zone="Europe/Madrid") as phone:
            phone.enrolment().enrol(invitation, "Ana")
            seen, news = [], threading.Condition()

            class Stands(cartera.SyncListener):
                def stands(self, state):
                    with news:
                        seen.append(state)
                        news.notify_all()

            handle = phone.sync().listen(Stands())
            with news:
                assert news.wait_for(lambda: seen, 60)
            phone.sync().start()
            phone.clients().create(named("Bar"))
            arrived = lambda: any(state.unsent == 0 and state.last_contact for state in seen[1:])  # noqa: E731
            with news:
                assert news.wait_for(arrived, 60), seen
                assert seen[0].activity.is_OFF()
            phone.sync().stop()
            assert phone.sync().state().activity.is_OFF()
            handle.end()
    finally:
        relay.stop()


def test_the_example_of_the_readme_runs(tmp_path, capsys):
    relay = Relay(tmp_path)
    try:
        relay.run("people add Ana --role rep --all-territories")
        invitation = next(word for word in relay.run("enrol Ana").split() if "/enrol#" in word)
        example.main(invitation, str(tmp_path / "example.db"))
    finally:
        relay.stop()
    assert "Bar Ñandú" in capsys.readouterr().out
