import shutil

import pytest

from benchmarks.delivery.quality import Opinion, assassin, mails_of
from digest.lint import Severity, lint

HAS_ASSASSIN = pytest.mark.skipif(
    shutil.which("spamassassin") is None, reason="spamassassin is not installed"
)
HIDDEN = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/html\r\n\r\n<p style='font-size:1px;color:#fff'>words</p>\r\n"
)


def test_what_speaks_for_a_mail_does_not_make_up_for_what_speaks_against_it() -> None:
    """Other installations give other credit."""
    opinion = Opinion(-0.5, {"MAILING_LIST_MULTI": -1.0, "HTML_FONT_LOW_CONTRAST": 0.5})

    assert opinion.without_credit == 0.5


def test_rules_about_structure_are_told_from_others() -> None:
    """That a mail has HTML at all is a rule, too, and means nothing."""
    names = ["HTML_MESSAGE", "NO_RELAYS", "MIME_QP_LONG_LINE", "FONT_INVIS_MSGID", "MISSING_DATE"]

    opinion = Opinion(0.0, dict.fromkeys(names, 0.0))

    assert opinion.about_structure == names[2:]


@pytest.mark.slow
def test_a_digest_and_every_notice_pass_our_own_lint() -> None:
    """Those are the mails that there are."""
    mails = dict(mails_of())

    assert set(mails) == {"digest", "notice confirm.1", "notice move-old.1", "notice move-new.1"}
    faults = [one for mail in mails.values() for one in lint(mail.data)]
    assert [one for one in faults if one.severity is Severity.ERROR] == []


@HAS_ASSASSIN
@pytest.mark.slow
def test_spamassassin_sees_what_is_wrong_with_a_bad_mail() -> None:
    """A gate that lets everything through would be none."""
    opinion = assassin()(HIDDEN)

    assert opinion.points > 0.5
    assert opinion.about_structure
