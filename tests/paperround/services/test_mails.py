"""Making mails: the day's papers are shared, and fresh enough."""

from datetime import date, datetime, timedelta

from digest.lint import lint
from digest.message import Message
from paperround.context import App
from paperround.services.day import DayPapers, load_day
from paperround.services.ingest import ingest
from paperround.services.interests import NewInterest, add_interest
from paperround.services.mails import FRESH, GLANCE, Made, Mails
from paperround.services.readers import NewReader, add_reader
from paperround.services.subscribe import Subscription, subscribe
from paperround.sources.testing import FakeSource
from paperround.store.models import Delivery, Reader
from paperround.store.readers import reader_at
from paperround.testing import FrozenClock
from tests.paperround.services.conftest import ADA, CODING, TODAY, paper

HOUR = timedelta(hours=1)


def _row(on: date, due_at: datetime, stream: str = "daily") -> Delivery:
    return Delivery(
        id=1,
        reader_id=1,
        stream=stream,
        local_date=on,
        due_at=due_at,
        retry_at=due_at,
        expires_at=due_at + HOUR,
        state="claimed",
        attempt=1,
    )


def _reader(app: App, address: str = ADA) -> Reader:
    with app.database.read() as session:
        reader = reader_at(session, address)
        session.expunge(reader)
        return reader


class _Counted:
    """Prepares days and counts how often."""

    def __init__(self) -> None:
        self.days: list[date] = []

    def __call__(self, app: App, day: date) -> DayPapers:
        """Prepare one."""
        self.days.append(day)
        return load_day(app, day)


def _made(app: App, mails: Mails, on: date = TODAY) -> Message:
    made = mails.make(_row(on, app.clock()), _reader(app))
    assert isinstance(made, Made)
    return made.message


def test_a_day_is_prepared_once_for_all_its_readers(stocked: App, clock: FrozenClock) -> None:
    """Reading and preparing it takes far longer than ranking one reader."""
    load = _Counted()
    mails = Mails(stocked, load=load)

    first = _made(stocked, mails)
    clock.advance(FRESH - HOUR / 3600)
    _made(stocked, mails)

    assert load.days == [TODAY]
    assert lint(first.data) == []


def test_a_day_is_prepared_anew_when_papers_came_in(stocked: App, clock: FrozenClock) -> None:
    """A worker that runs for weeks sees this morning's papers."""
    load = _Counted()
    mails = Mails(stocked, load=load)
    _made(stocked, mails)
    ingest(stocked, FakeSource([paper(300, CODING)]))
    clock.advance(GLANCE)

    _made(stocked, mails)

    assert load.days == [TODAY, TODAY]


def test_a_day_is_prepared_anew_after_a_while(stocked: App, clock: FrozenClock) -> None:
    """Votes and ratings of others go on."""
    load = _Counted()
    mails = Mails(stocked, load=load)
    _made(stocked, mails)
    clock.advance(FRESH)

    _made(stocked, mails)

    assert load.days == [TODAY, TODAY]


def test_only_a_few_days_are_kept(stocked: App) -> None:
    """Memory does not grow with the weeks that a worker runs."""
    load = _Counted()
    mails = Mails(stocked, load=load)
    days = [TODAY + timedelta(days=number) for number in range(4)]
    for day in days:
        _made(stocked, mails, day)

    _made(stocked, mails, days[-1])
    _made(stocked, mails, days[0])

    assert load.days == [*days, days[0]]


def test_the_same_row_gives_the_same_bytes(stocked: App) -> None:
    """A47: everything that could differ is an argument."""
    assert _made(stocked, Mails(stocked)).data == _made(stocked, Mails(stocked)).data


def test_a_notice_needs_no_papers(app: App) -> None:
    """Whoever asks for a confirmation waits before a screen."""
    subscribe(app, Subscription("grace@example.org"), how="web")
    load = _Counted()

    made = Mails(app, load=load).make(
        _row(TODAY, app.clock(), "confirm.1"), _reader(app, "grace@example.org")
    )

    assert isinstance(made, Made)
    assert load.days == []
    assert made.message.envelope.rcpt_to == "grace@example.org"


def test_a_domain_in_another_script_is_mailed(stocked: App) -> None:
    """A24, T89: as its A-label."""
    address = "grace@münchen.example.org"
    add_reader(stocked, NewReader(address))
    add_interest(stocked, address, NewInterest("Coding", keywords=("codes",), threshold=0.0))

    made = Mails(stocked).make(_row(TODAY, stocked.clock()), _reader(stocked, address))

    assert isinstance(made, Made)
    assert made.message.envelope.rcpt_to == "grace@xn--mnchen-3ya.example.org"
