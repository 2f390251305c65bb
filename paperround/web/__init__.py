"""The pages: what links in mails lead to, and what a relay asks of a running process.

Only this package knows the web framework. It parses, calls a service and renders; it decides
nothing and speaks no SQL.
"""

from paperround.web.app import create_app

__all__ = ["create_app"]
