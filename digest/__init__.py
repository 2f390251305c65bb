"""Ranked papers in, standards-grade e-mail out.

Knows nothing of a database, of the web or of how papers were ranked. Nothing is imported here, so
that whoever needs one module pays for that one only:

    model      the values a digest is made of
    compose    which entries, how many, how long; the quiet day
    latex      LaTeX in titles and abstracts -> readable Unicode
    render     Digest -> Rendered (subject, text, HTML)
    message    Rendered + addressee -> the exact bytes of one mail
    mail       who takes the bytes away: a folder, an SMTP relay
    lint       what is wrong with the bytes of a mail
    testing    doubles that pass the same contract tests as the real ones
    errors     everything the above raises on purpose
"""
