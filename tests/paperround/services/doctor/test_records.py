"""The DNS records by which receivers know a sender."""

import pytest

from paperround.services.doctor.records import (
    has_policy,
    is_reserved,
    judge_dkim,
    judge_dmarc,
    judge_spf,
    organisational_names,
)

DOMAIN = "papers.uni.edu"
NAME = f"s1._domainkey.{DOMAIN}"
OURS = "v=DKIM1; k=rsa; p=MIGfMA0G"


@pytest.mark.parametrize(
    ("domain", "reserved"),
    [
        ("example.org", True),
        ("papers.Example.com", True),
        ("localhost", True),
        ("relay.test", True),
        ("myexample.org", False),
        ("example.org.uk", False),
        ("uni.edu", False),
    ],
)
def test_names_for_examples_are_known(domain: str, reserved: bool) -> None:
    """RFC 2606: nobody publishes anything for them."""
    assert is_reserved(domain) is reserved


def test_a_policy_may_be_that_of_a_parent() -> None:
    """But never that of a top-level domain."""
    assert organisational_names("a.b.uni.edu") == ["a.b.uni.edu", "b.uni.edu", "uni.edu"]
    assert organisational_names("uni.edu") == ["uni.edu"]
    assert organisational_names("edu") == ["edu"]


@pytest.mark.parametrize(
    ("texts", "status", "found"),
    [
        (["v=spf1 ip4:192.0.2.1 include:relay.net -all"], "ok", "your relay must be among them"),
        (["google-site=x", "V=SPF1 mx/24 a:mail.uni.edu ~all"], "ok", ""),
        (["v=spf1 redirect=_spf.uni.edu"], "ok", ""),
        (["v=spf1 exp=why.uni.edu -all"], "ok", ""),
        ([], "warning", "papers.uni.edu has no record"),
        (["v=spf10 -all", "spf1 -all"], "warning", "has no record"),
        (["v=spf1 mx ?all"], "warning", "says nothing of others"),
        (["v=spf1 mx"], "warning", "leaves all others open"),
        (["v=spf1"], "warning", "leaves all others open"),
        (["v=spf1 -all", "v=spf1 mx -all"], "error", "has 2 records"),
        (["v=spf1 +all"], "error", "lets everybody send"),
        (["v=spf1 mx all"], "error", "lets everybody send"),
        (["v=spf1 ip5:1.2.3.4 -all"], "error", "'ip5:1.2.3.4' is no mechanism"),
        (["v=spf1 , -all"], "error", "',' is no mechanism"),
        ([f"v=spf1 {'include:x.net ' * 11}-all"], "error", "asks for 11 lookups"),
    ],
)
def test_an_spf_record_is_judged(texts: list[str], status: str, found: str) -> None:
    """RFC 7208: one record, known mechanisms, ten look-ups, and an end."""
    check = judge_spf(DOMAIN, texts)

    assert (check.what, check.status) == ("SPF", status)
    assert found in check.found
    assert bool(check.mend) is (status != "ok")


@pytest.mark.parametrize(
    ("texts", "ours", "status", "found"),
    [
        ([OURS], OURS, "ok", "has the key"),
        (["k=rsa; p=MIGf MA0G"], OURS, "ok", ""),
        ([OURS], "", "ok", ""),
        ([], OURS, "error", "has no key"),
        (["v=DKIM1"], OURS, "error", "has no key"),
        (["v=DKIM1; p="], OURS, "error", "is revoked"),
        (["v=DKIM1; p=OTHER"], OURS, "error", "is not that of the key file"),
        ([OURS, "v=DKIM1; p=OTHER"], OURS, "error", "has 2 keys"),
        ([f"{OURS}; t=y:s"], OURS, "warning", "marked as a test"),
    ],
)
def test_a_dkim_record_is_judged(texts: list[str], ours: str, status: str, found: str) -> None:
    """RFC 6376: one key, and it is that of the key file."""
    check = judge_dkim(NAME, texts, ours)

    assert (check.what, check.status) == ("DKIM", status)
    assert found in check.found


def test_a_missing_key_says_what_to_publish() -> None:
    """The whole record, to be copied."""
    assert judge_dkim(NAME, [], OURS).mend == f'publish at {NAME}: TXT "{OURS}"'
    assert judge_dkim(NAME, []).mend == f"publish a record at {NAME}"


@pytest.mark.parametrize(
    ("at", "texts", "status", "found"),
    [
        (DOMAIN, ["v=DMARC1; p=none"], "ok", "policy none, by _dmarc.papers.uni.edu"),
        (DOMAIN, ["v=DMARC1;p=reject;sp=none"], "ok", "policy reject"),
        (
            "uni.edu",
            ["v=DMARC1; p=reject; sp=quarantine"],
            "ok",
            "policy quarantine, by _dmarc.uni",
        ),
        ("uni.edu", ["v=DMARC1; p=reject"], "ok", "policy reject"),
        (DOMAIN, ["v=DMARC1; rua=mailto:a@uni.edu"], "error", "names no policy"),
        (DOMAIN, ["v=DMARC1; p=all"], "error", "names no policy"),
        (DOMAIN, ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "error", "has 2 records"),
        (DOMAIN, ["v=spf1 -all"], "warning", "papers.uni.edu has no record"),
        (DOMAIN, [], "warning", "has no record"),
    ],
)
def test_a_dmarc_record_is_judged(at: str, texts: list[str], status: str, found: str) -> None:
    """RFC 7489: one record with a policy, the parent's for those below it."""
    check = judge_dmarc(DOMAIN, at, texts)

    assert (check.what, check.status) == ("DMARC", status)
    assert found in check.found
    assert has_policy(texts) is ("DMARC1" in " ".join(texts))
