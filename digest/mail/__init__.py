"""Who takes the bytes of a mail away: a folder, or an SMTP relay.

Both are a `Mailer`: they say how far they came by the phase in the error they raise, and call
`on_data` at the last instant at which the receiver certainly has nothing. What to do about an error
is decided elsewhere. The only place that speaks SMTP.
"""

from digest.mail.folder import FolderMailer
from digest.mail.protocol import Mailer, Receipt
from digest.mail.replies import classify
from digest.mail.smtp import Security, SmtpConfig, SmtpMailer

__all__ = [
    "FolderMailer",
    "Mailer",
    "Receipt",
    "Security",
    "SmtpConfig",
    "SmtpMailer",
    "classify",
]
