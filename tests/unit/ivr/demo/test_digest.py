import pytest

from ivr.demo.digest import Credentials, authorization, parse_challenge, strongest

RFC7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={},'
    ' nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",'
    ' opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm: str, response: str) -> None:
    challenge = parse_challenge(RFC7616.format(algorithm))
    assert challenge is not None
    who = Credentials("Mufasa", "Circle of Life")
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    value = authorization(challenge, who, "GET", "/dir/index.html", cnonce)
    assert f'response="{response}"' in value
    assert "nc=00000001" in value


def test_without_qop_the_old_way_of_rfc_2617_is_used() -> None:
    challenge = parse_challenge('Digest realm="r", nonce="n"')
    assert challenge is not None
    value = authorization(challenge, Credentials("u", "p"), "REGISTER", "sip:h", "c")
    assert "qop" not in value
    assert "cnonce" not in value


def test_the_strongest_known_algorithm_wins() -> None:
    challenges = [RFC7616.format("MD5"), RFC7616.format("SHA-256"), RFC7616.format("SHA-512-256")]
    chosen = strongest(challenges)
    assert chosen is not None
    assert chosen.algorithm == "SHA-256"


@pytest.mark.parametrize("value", ["", "Basic realm=x", 'Digest realm="x"', "Digest"])
def test_what_cannot_be_answered_is_no_challenge(value: str) -> None:
    assert parse_challenge(value) is None
    assert strongest([value]) is None
