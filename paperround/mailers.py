"""Chooses the mailer that settings name."""

from digest.mail import FolderMailer, SmtpConfig, SmtpMailer
from paperround.settings import MailerKind, Settings

__all__ = ["choose_mailer"]


def choose_mailer(settings: Settings) -> FolderMailer | SmtpMailer:
    """Return the mailer for these settings; nothing is opened yet."""
    if settings.mailer is MailerKind.FOLDER:
        return FolderMailer(settings.outbox_dir)
    return SmtpMailer(
        SmtpConfig(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security.value,
            username=settings.smtp_username,
            password=settings.smtp_password.get_secret_value(),
            timeout_s=settings.smtp_timeout_s,
            final_timeout_s=settings.smtp_final_timeout_s,
            per_connection=settings.smtp_per_connection,
            ca_file=str(settings.smtp_ca_file or ""),
        )
    )
