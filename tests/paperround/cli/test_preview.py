"""`paperround preview`."""

from email import message_from_bytes
from pathlib import Path

import pytest

from tests.paperround.cli.running import DAY, run


def test_the_digest_of_a_day_is_printed(ada: str) -> None:
    """Subject first, then the text of the mail."""
    ran = run("preview", ada, "--day", DAY).done

    assert ran.out.startswith("Subject: Fri May 8: ")
    assert "REASONING" in ran.out
    assert "https://arxiv.org/abs/2605." in ran.out


def test_papers_without_vectors_are_told(ada: str) -> None:
    """The digest is made of words alone then, and the note says what to do."""
    ran = run("preview", ada, "--day", DAY).done

    assert ran.err == "124 papers have no vector yet; run `paperround embed` first\n"


def test_words_alone_find_the_papers_of_an_interest(ada: str) -> None:
    """The first paper shares a keyword with the interest."""
    ran = run("preview", ada, "--day", DAY, "--json").done

    best = ran.json["papers"][0]
    assert best["section"] == "interest"
    assert {"chain", "thought"} <= set(best["words"])


def test_the_json_has_papers_with_scores_and_reasons(ada: str) -> None:
    """Enough to see why each is there."""
    report = run("preview", ada, "--day", DAY, "--json").done.json

    assert report["day"] == DAY
    assert report["subject"].startswith("Fri May 8: ")
    assert all(0 <= paper["score"] <= 100 for paper in report["papers"])
    assert all(paper["paper"].startswith("arxiv:") for paper in report["papers"])


def test_page_and_mail_are_written(ada: str, tmp_path: Path) -> None:
    """To the files that are named."""
    files = ("--html", "page.html", "--eml", "mail.eml")

    ran = run("preview", ada, "--day", DAY, *files).done

    mail = message_from_bytes((tmp_path / "mail.eml").read_bytes())
    assert (tmp_path / "page.html").read_text("utf-8").lower().startswith("<!doctype html")
    assert mail["To"] == f"Ada <{ada}>"
    assert "page: page.html\nmail: mail.eml\n" in ran.err


def test_nothing_is_kept_of_a_preview(ada: str) -> None:
    """Neither a delivery, nor that the papers were shown: the same again."""
    first = run("preview", ada, "--day", DAY).done
    second = run("preview", ada, "--day", DAY).done

    assert first == second
    assert run("reader", "show", ada, "--json").done.json["deliveries"] == []


def test_a_day_without_papers_is_a_reason(ada: str) -> None:
    """Not an error and not an empty digest."""
    ran = run("preview", ada, "--day", "2026-04-01").done

    assert ran.out == "Nothing on 2026-04-01: There were no new papers.\n"


def test_a_day_after_the_last_papers_names_a_better_one(ada: str) -> None:
    """The latest that there are papers for."""
    ran = run("preview", ada, "--day", "2026-08-01").done

    assert f"The latest papers here are of {DAY}: try --day {DAY}." in ran.out


def test_a_quiet_day_is_json_too(ada: str) -> None:
    """With the reason."""
    report = run("preview", ada, "--day", "2026-04-01", "--json").done.json

    assert report == {"day": "2026-04-01", "quiet": "There were no new papers."}


def test_a_quiet_day_writes_no_file(ada: str, tmp_path: Path) -> None:
    """There is no page to write."""
    run("preview", ada, "--day", "2026-04-01", "--html", "page.html")

    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize(("option", "what"), [("--html", "page"), ("--eml", "mail")])
def test_a_file_that_cannot_be_written_is_one_line(ada: str, option: str, what: str) -> None:
    """It names the file."""
    ran = run("preview", ada, "--day", DAY, option, "no/such/folder/file")

    assert ran.code == 1
    assert f"paperround: cannot write the {what} no/such/folder/file: No such file" in ran.err


def test_an_unknown_reader_is_one_line(ada: str) -> None:
    """With where to look."""
    assert "`paperround reader list` shows" in run("preview", "grace@example.org").error
