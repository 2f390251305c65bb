from sqlmodel import select

from benchmarks.delivery.installation import Installation
from benchmarks.delivery.load import Prepared, Rooms
from paperround.context import App
from paperround.services.day import load_day
from paperround.services.digests import FinishedDigest, digest_for
from paperround.services.embed import pending
from paperround.services.enqueue import enqueue_due, is_idle
from paperround.store.models import Reader

ROOMS = Rooms(interest=2, trending=2, outside=1)


def readers_of(app: App) -> list[Reader]:
    """Return all readers."""
    with app.database.read() as session:
        found = list(session.exec(select(Reader)))
        session.expunge_all()
        return found


def test_all_readers_are_due_at_the_same_instant(app: App, installation: Installation) -> None:
    """So that a run begins with all of them and ends with none."""
    assert enqueue_due(app) == 4
    assert enqueue_due(app) == 0
    assert not is_idle(app)
    assert {reader.digest_at for reader in readers_of(app)} == {installation.due_at.time()}


def test_nothing_is_left_to_be_embedded(app: App) -> None:
    """Workers must never load a model."""
    assert pending(app) == 0


def test_every_reader_gets_a_digest_of_papers_that_they_did_not_name(
    app: App, installation: Installation
) -> None:
    """A real one, ranked by what they like."""
    day = load_day(app, installation.due_at.date())

    made = [digest_for(app, reader, day) for reader in readers_of(app)]

    assert all(isinstance(one, FinishedDigest) and len(one.shown) >= 5 for one in made)


def test_the_relay_is_a_port_of_this_machine(installation: Installation) -> None:
    """Everything else is the same for all workers."""
    variables = installation.at_relay(2525)

    assert variables["PAPERROUND_SMTP_PORT"] == "2525"
    assert variables["PAPERROUND_SMTP_HOST"] == "127.0.0.1"


def test_papers_that_were_chosen_beforehand_fill_every_section(
    app: App, installation: Installation
) -> None:
    """As many as a ranking would have chosen, and always the same for a reader."""
    day, reader = load_day(app, installation.due_at.date()), readers_of(app)[0]
    rank = Prepared(ROOMS)

    first = digest_for(app, reader, day, rank=rank)
    again = digest_for(app, reader, day, rank=Prepared(ROOMS))

    assert isinstance(first, FinishedDigest)
    assert isinstance(again, FinishedDigest)
    assert len({paper.paper_key for paper in first.shown}) == ROOMS.all == 7
    assert first.rendered == again.rendered
