"""Weekdays, times of day and addresses as people write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperround.settings.values import (
    is_database_url,
    is_local,
    parse_time,
    parse_weekdays,
    sqlalchemy_url,
    weekday_names,
)

NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

numbers = st.integers(1, 7)
spellings = st.sampled_from([str.lower, str.upper, str.title])
lengths = st.integers(3, 9)


@given(st.lists(numbers, min_size=1), spellings, lengths)
def test_a_list_of_weekdays_is_read_back(days: list[int], spell: object, length: int) -> None:
    """In any order and case, whole or shortened to three letters or more, also twice."""
    assert callable(spell)

    written = " , ".join(spell(NAMES[day - 1][:length]) for day in days)

    assert parse_weekdays(written) == set(days)


@given(numbers, numbers)
def test_a_range_of_weekdays_runs_from_the_first_to_the_last(first: int, last: int) -> None:
    """Also over the weekend: sat-tue is four days."""
    expected = {(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)}

    assert parse_weekdays(f"{NAMES[first - 1][:3]}-{NAMES[last - 1][:3]}") == expected


@given(st.sets(numbers, min_size=1), numbers, numbers)
def test_ranges_and_single_days_mix(days: set[int], first: int, last: int) -> None:
    """A mixture is the union of its parts."""
    whole = f"{NAMES[first - 1]}-{NAMES[last - 1]}"
    single = ",".join(NAMES[day - 1] for day in days)

    assert parse_weekdays(f"{whole},{single}") == parse_weekdays(whole) | parse_weekdays(single)


@pytest.mark.parametrize("text", ["daily", " Daily ", "all", "mon-sun"])
def test_every_day_has_short_names(text: str) -> None:
    """`daily` is the whole week."""
    assert parse_weekdays(text) == set(range(1, 8))


@pytest.mark.parametrize("text", ["monkey", "mo", "mon-", "-fri", "mon-tue-wed", "1-5", "mon;tue"])
def test_what_is_no_weekday_is_refused_by_its_name(text: str) -> None:
    """A guess would send mails on the wrong days."""
    with pytest.raises(ValueError, match=rf"'{text}' names no weekday; write mon-fri"):
        parse_weekdays(text)


@pytest.mark.parametrize("text", ["", " , ", ","])
def test_no_weekday_at_all_is_refused(text: str) -> None:
    """Whoever wants no mail is removed instead."""
    with pytest.raises(ValueError, match="no weekday is named"):
        parse_weekdays(text)


@given(st.text())
def test_any_text_gives_weekdays_or_a_value_error(text: str) -> None:
    """Never an empty set and never another error."""
    try:
        days = parse_weekdays(text)
    except ValueError:
        days = frozenset({1})

    assert days
    assert days <= set(range(1, 8))


@given(st.times().map(lambda at: at.replace(microsecond=0)))
def test_a_time_of_day_is_read_back(at: time) -> None:
    """Whatever ISO 8601 writes."""
    assert parse_time(f" {at.isoformat()} ") == at


@pytest.mark.parametrize("text", ["", "7", "25:00", "07:60", "23:59:60", "noon", "7.30"])
def test_an_impossible_time_is_refused(text: str) -> None:
    """Leap seconds too (T15)."""
    with pytest.raises(ValueError, match="is not a time of day; write 07:30"):
        parse_time(text)


def test_a_time_with_a_zone_of_its_own_is_refused() -> None:
    """The zone is a setting, and two of them could disagree."""
    with pytest.raises(ValueError, match=r"07:30\+02:00.*zone of its own"):
        parse_time("07:30+02:00")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///paperround.db",
        "sqlite:////var/lib/paperround/paperround.db",
        "postgresql://ada@db.example.org/paperround",
        "postgres://ada:secret@db.example.org:5433/paperround",
        "postgresql+psycopg:///paperround?host=/run/postgresql",
    ],
)
def test_addresses_of_both_databases_are_understood(url: str) -> None:
    """SQLite by path, PostgreSQL by any of its names."""
    assert is_database_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("", "sqlite:///", "sqlite://", "sqlite:///:memory:", "mysql://ada@localhost/x"),
        *("postgresql://ada@localhost:five/x", "paperround.db"),
    ],
)
def test_addresses_that_lead_nowhere_are_not(url: str) -> None:
    """Nor a database in memory, which is forgotten at the end of the command."""
    assert not is_database_url(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_driver_of_postgresql_is_ours(scheme: str) -> None:
    """However the address was written, and only its scheme is changed."""
    assert sqlalchemy_url(f"{scheme}://a@b/postgres://") == "postgresql+psycopg://a@b/postgres://"


def test_sqlite_needs_no_driver() -> None:
    """Its address stays."""
    assert sqlalchemy_url("sqlite:///x.db") == "sqlite:///x.db"


def test_only_this_machine_is_local() -> None:
    """A name that merely begins like it is not."""
    assert is_local("localhost")
    assert not is_local("localhost.example.org")
    assert not is_local(None)


@given(st.sets(st.integers(1, 7), min_size=1))
def test_weekdays_are_read_back_as_they_are_written(days: set[int]) -> None:
    """What is shown to people can be typed in again."""
    assert parse_weekdays(weekday_names(days)) == days
