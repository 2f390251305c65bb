"""The bytes of mails on their way."""

from paperround.store.engine import Database
from paperround.store.outgoing import KeptMail, keep_mail, kept_mails
from tests.paperround.store.rows import claimed_rows, opened_row, saved_reader


def test_kept_bytes_come_back_as_they_were(database: Database) -> None:
    """T24: every try sends the same; the latest rendering counts."""
    with database.write() as session:
        opened_row(session, saved_reader(session))
        (row,) = claimed_rows(session)
        assert row.id is not None
        first = KeptMail(row.id, "a@b.example", "c@d.example", False, "x", b"\x00first\r\n" * 900)
        second = KeptMail(row.id, "a@b.example", "ü@d.example", True, "y", b"second")
        keep_mail(session, first)
        kept_first = kept_mails(session, [row.id, 99])
        keep_mail(session, second)
        kept_second = kept_mails(session, [row.id])

    assert kept_first == {row.id: first}
    assert kept_second == {row.id: second}
