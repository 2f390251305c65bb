"""The routes, one small file each: parse, call a service, render."""

from paperround.web.routes import (
    confirm,
    digest,
    health,
    move,
    paper,
    preferences,
    rate,
    style,
    unsubscribe,
)

__all__ = ["ROUTERS"]

ROUTERS = tuple(
    module.router
    for module in (confirm, unsubscribe, rate, move, preferences, digest, paper, style, health)
)
