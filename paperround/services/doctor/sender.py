"""Looks at how mails leave: the relay, the signature, and what the DNS says of the sender."""

from collections.abc import Iterator

from digest.addresses import a_label
from digest.dkim import load_key, public_record
from digest.errors import DigestError, MailError
from digest.mail import SmtpMailer
from paperround.mailers import choose_mailer
from paperround.services.doctor.check import Check
from paperround.services.doctor.lookup import LookUp
from paperround.services.doctor.records import (
    has_policy,
    is_reserved,
    judge_dkim,
    judge_dmarc,
    judge_spf,
    organisational_names,
)
from paperround.settings import MailerKind, Settings

__all__ = ["mail", "sender"]

BY_SERVER = (
    "left to your mail server: let it sign List-Unsubscribe and List-Unsubscribe-Post as well, "
    "without which one-click unsubscribe is not offered"
)


def mail(settings: Settings) -> Check:
    """Look whether the relay takes us; nothing is sent."""
    if settings.mailer is MailerKind.FOLDER:
        return Check(
            "mail",
            "warning",
            f"mails are files in {settings.outbox_dir}, nobody gets them",
            "set PAPERROUND_MAILER=smtp and PAPERROUND_SMTP_HOST",
        )
    try:
        with choose_mailer(settings) as mailer:
            if isinstance(mailer, SmtpMailer):
                mailer.check()
    except MailError as error:
        return Check("mail", "error", str(error), "check the PAPERROUND_SMTP_* settings")
    security = settings.smtp_security
    return Check("mail", "ok", f"{settings.smtp_host}:{settings.smtp_port}, {security}")


def sender(settings: Settings, look_up: LookUp) -> Iterator[Check]:
    """Look at signature and records; the DNS is asked only where mails go out by SMTP."""
    domain = _domain(settings.sender_address)
    ours, trouble = _our_record(settings)
    if trouble is not None:
        yield trouble
    asks = settings.mailer is not MailerKind.FOLDER and not is_reserved(domain)
    if not settings.dkim_key_file:
        yield Check("DKIM", "ok", BY_SERVER)
    elif ours:
        name = f"{settings.dkim_selector}._domainkey.{domain}"
        yield _dkim(name, ours, look_up) if asks else Check("DKIM", "ok", f"signed here for {name}")
    if not asks:
        return
    bounces = _domain(settings.bounce_address or settings.sender_address)
    texts = look_up(bounces)
    yield judge_spf(bounces, texts) if texts is not None else _cannot_look("SPF", bounces)
    yield _dmarc(domain, look_up)
    if not _is_aligned(bounces, domain):
        found = f"failures return to {bounces}, which is not of {domain}: SPF counts for nothing"
        mend = "let PAPERROUND_BOUNCE_ADDRESS be of the sender's domain, or be sure to sign"
        yield Check("alignment", "warning", found, mend)


def _our_record(settings: Settings) -> tuple[str, Check | None]:
    """Return the record of the key that we sign with, or what is wrong with the key."""
    path = settings.dkim_key_file
    if path is None:
        return "", None
    try:
        record = public_record(load_key(path))
    except DigestError as error:
        return "", Check("DKIM key", "error", str(error), "see the message")
    if path.stat().st_mode & 0o077:
        found = f"others can read {path}, and sign mails in your name"
        return record, Check("DKIM key", "warning", found, f"run `chmod 600 {path}`")
    return record, None


def _dkim(name: str, ours: str, look_up: LookUp) -> Check:
    texts = look_up(name)
    return judge_dkim(name, texts, ours) if texts is not None else _cannot_look("DKIM", name)


def _dmarc(domain: str, look_up: LookUp) -> Check:
    for name in organisational_names(domain):
        texts = look_up(f"_dmarc.{name}")
        if texts is None:
            return _cannot_look("DMARC", domain)
        if has_policy(texts):
            return judge_dmarc(domain, name, texts)
    return judge_dmarc(domain, domain, ())


def _cannot_look(what: str, name: str) -> Check:
    found = f"cannot look: no resolver answers for {name}"
    return Check(what, "warning", found, "run it where the DNS can be asked")


def _domain(address: str) -> str:
    return a_label(address.rpartition("@")[2], address)


def _is_aligned(bounces: str, domain: str) -> bool:
    """Return whether one is the other or below it; who owns what above is not for us to know."""
    return bounces == domain or bounces.endswith(f".{domain}") or domain.endswith(f".{bounces}")
