"""`paperround reader invite`, `pause`, `resume`, `change`, `move`, `unsubscribe`, `export`."""

from pathlib import Path
from typing import Any

import pytest

from tests.paperround.cli.running import ADA, run

GRACE = "grace@example.org"


def state(address: str = ADA) -> dict[str, Any]:
    """Return what is shown of a reader."""
    shown = run("reader", "show", address, "--json").done.json
    assert isinstance(shown, dict)
    return shown


def test_an_invitation_is_a_mail_that_is_due(installed: Path) -> None:
    """The operator is told what comes next; nobody is subscribed by it."""
    ran = run("reader", "invite", GRACE, "--zone", "Europe/London", "--prose", "polar codes").done

    shown = state(GRACE)
    assert ran.out.startswith(f"{GRACE} is asked to confirm by the mail of ")
    assert ran.out.endswith("Next: paperround send --due\n")
    assert (shown["state"], shown["zone"], shown["next_due_at"]) == (
        "unconfirmed",
        "Europe/London",
        None,
    )
    assert [row["stream"] for row in shown["deliveries"]] == ["confirm.1"]
    assert [row["prose"] for row in shown["interests"]] == ["polar codes"]


def test_an_invitation_is_among_what_is_shown_of_a_reader(installed: Path) -> None:
    """With how it stands, in the lines for people."""
    run("reader", "invite", GRACE)

    assert run("reader", "show", GRACE).done.out.splitlines()[-1].split()[1:] == ["pending"]


def test_an_invitation_in_vain_says_so(ada: str) -> None:
    """To the operator; a page says the same to everybody."""
    assert (
        run("reader", "invite", ada).done.out == f"{ada} is subscribed already; nothing is sent\n"
    )


def test_an_address_that_was_asked_too_often_is_not_asked(installed: Path) -> None:
    """All names of one mailbox together (T108)."""
    for tag in ("a", "b", "c"):
        run("reader", "invite", f"grace+{tag}@example.org")

    assert "was asked too often already" in run("reader", "invite", GRACE).done.out


def test_a_pause_ends_on_a_date_or_after_some_days(ada: str) -> None:
    """Which of them is told."""
    ran = run("reader", "pause", ada, "--days", "14").done

    paused = state()["paused_until"]
    assert ran.out.startswith(f"Paused {ada}; the next digest is due {paused} 07:0")


def test_a_pause_can_be_ended(ada: str) -> None:
    """The next digest is due as if there had been none."""
    before = state()
    run("reader", "pause", ada, "--days", "14")

    ran = run("reader", "resume", ada).done

    assert ran.out.startswith(f"Resumed {ada}; the next digest is due ")
    assert state() == before


def test_hour_zone_and_days_can_be_changed(ada: str) -> None:
    """What is not given stays."""
    ran = run("reader", "change", ada, "--at", "06:45", "--weekdays", "mon,thu").done

    shown = state()
    assert ran.out.startswith(f"Changed {ada}; the next digest is due ")
    assert (shown["at"], shown["weekdays"], shown["zone"]) == ("06:45", "mon,thu", "UTC")


def test_a_move_asks_both_addresses(ada: str) -> None:
    """And moves nobody yet."""
    ran = run("reader", "move", ada, "ada@example.com").done

    assert ran.out.startswith(f"Asked {ada} and ada@example.com to confirm the change\n")
    assert sorted(row["stream"] for row in state()["deliveries"]) == ["move-new.1", "move-old.1"]


def test_a_reader_is_unsubscribed(ada: str) -> None:
    """What is known of them stays; the list says how they stand."""
    ran = run("reader", "unsubscribe", ada).done

    assert ran.out == f"Unsubscribed {ada}\n"
    assert (state()["state"], state()["next_due_at"]) == ("unsubscribed", None)
    assert "unsubscribed" in run("reader", "list").done.out


def test_everything_about_a_reader_is_exported_as_json(ada: str) -> None:
    """To hand it over on request."""
    run("reader", "pause", ada, "--days", "3")

    export = run("reader", "export", ada).done.json

    assert export["reader"]["address"] == ada
    assert [row["name"] for row in export["interests"]] == ["Reasoning"]
    assert [(line["what"], line["how"]) for line in export["consents"]] == [
        ("added", "command"),
        ("paused", "command"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("invite", GRACE), f"Would ask {GRACE} to confirm"),
        (("pause", ADA, "--until", "2100-01-01"), None),
        (("pause", ADA, "--days", "3"), f"Would pause {ADA}"),
        (("resume", ADA), f"Would resume {ADA}"),
        (("change", ADA, "--at", "06:45"), f"Would change {ADA}"),
        (("move", ADA, "ada@example.com"), f"Would ask {ADA} and ada@example.com"),
        (("unsubscribe", ADA), f"Would unsubscribe {ADA}"),
    ],
)
def test_dry_runs_change_nothing(ada: str, arguments: tuple[str, ...], said: str | None) -> None:
    """They check all the same: a pause of decades is an error."""
    before = run("reader", "export", ada).done.json | {"exported_at": ""}

    ran = run("reader", *arguments, "--dry-run")

    assert ran.out.startswith(said or "")
    assert ran.code == (0 if said else 1)
    assert len(run("reader", "list", "--json").done.json) == 1
    assert run("reader", "export", ada).done.json | {"exported_at": ""} == before


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("invite", "grace"), "'grace' is not a mail address"),
        (("pause", ADA, "--days", "0"), "a pause is 1 to 366 days, not 0"),
        (("pause", ADA, "--until", "2001-01-01"), "not on 2001-01-01; for longer, unsubscribe"),
        (("pause", GRACE, "--days", "3"), f"no reader '{GRACE}'"),
        (("resume", GRACE), f"no reader '{GRACE}'"),
        (("change", ADA, "--zone", "Mars/Olympus"), "unknown time zone 'Mars/Olympus'"),
        (("move", ADA, "ada"), "'ada' is not a mail address"),
        (("move", ADA, ADA), "is where the digests go already"),
        (("unsubscribe", GRACE), f"no reader '{GRACE}'"),
        (("export", GRACE), f"no reader '{GRACE}'"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    ada: str, arguments: tuple[str, ...], problem: str
) -> None:
    """And nothing is changed."""
    before = run("reader", "list", "--json").out

    assert problem in run("reader", *arguments).error
    assert run("reader", "list", "--json").out == before


@pytest.mark.parametrize("until", [(), ("--until", "2026-06-01", "--days", "3")])
def test_a_pause_is_given_in_one_way(ada: str, until: tuple[str, ...]) -> None:
    """Neither way and both ways are wrong usage."""
    ran = run("reader", "pause", ada, *until)

    assert ran.code == 2
    assert "give either --until or --days" in ran.err
