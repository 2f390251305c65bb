from pathlib import Path

import pytest

from benchmarks.delivery.postfix import DEFAULT_CACHE, MissingToolError, free_port, postfix_tools

NO_TOOLS = pytest.mark.skipif(
    not (DEFAULT_CACHE / "postfix").exists(), reason="smtp-sink was not unpacked here"
)


def test_where_the_tools_cannot_be_had_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither installed nor a system to get them from."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(MissingToolError, match="no Debian"):
        postfix_tools(tmp_path, places=())


def test_a_free_port_is_one_that_can_be_listened_on() -> None:
    """No other has it at that moment."""
    assert 1_024 <= free_port() <= 65_535


@NO_TOOLS
def test_smtp_source_and_smtp_sink_talk_to_each_other(tmp_path: Path) -> None:
    """So many mails in so many seconds, whatever came before."""
    message = tmp_path / "mail.eml"
    message.write_text("Subject: hello\n\nword\n", encoding="ascii")
    tools = postfix_tools()

    with tools.sinking() as port:
        timed = tools.send(port, message, 20, connections=2)

    assert timed.count == 20
    assert timed.rate > 20
