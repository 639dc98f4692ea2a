"""When two spellings are one mailbox, and when they are not."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from lib.address import canonical, domain_of

SAME = [
    ("carol@example.org", "Carol@Example.ORG"),
    ("carol@example.org", " carol@example.org "),
    ("carol@example.org", "carol@example.org."),
    ("carol@gmail.com", "ca.rol@gmail.com"),
    ("carol@gmail.com", "c.a.r.o.l+petitions@googlemail.com"),
    ("carol@gmail.com", "CAROL+a+b@GMAIL.com"),
    ("carol@proton.me", "carol+x@protonmail.com"),
    ("carol@proton.me", "carol@pm.me"),
    ("carol@icloud.com", "carol+tag@me.com"),
    ("carol@mac.com", "carol@icloud.com"),
    ("carol@outlook.com", "carol+news@outlook.com"),
    ("carol@posteo.de", "carol+news@posteo.de"),
    ("carol@bücher.example", "carol@BÜCHER.example"),
    ("carol@bücher.example", "carol@xn--bcher-kva.example"),
    ("carol@bu\u0308cher.example", "carol@bücher.example"),
    ("carol@straße.example", "carol@xn--strae-oqa.example"),
    ("carol@例え.example", "carol@例え。example"),
    ("carol@example.org", "ｃａｒｏｌ@ｅｘａｍｐｌｅ.org"),
]
DIFFERENT = [
    ("carol@example.org", "ca.rol@example.org"),
    ("carol@example.org", "carol+tag@example.org"),
    ("ca.rol@outlook.com", "carol@outlook.com"),
    ("carol@gmail.com", "carol@outlook.com"),
    ("carol@posteo.de", "carol@posteo.net"),
    ("carol@gmail.com", "carol@gmail.com.example.org"),
    ("carol@strasse.example", "carol@straße.example"),
    ("carol@example.org", "carol@mail.example.org"),
    ("carol@live.com", "carol@hotmail.com"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_it_knows_one_mailbox_by_its_spellings(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_it_keeps_mailboxes_apart(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("domain", ["", ".", "a..b", ".example.org", "a" * 64 + ".org"])
def test_it_refuses_a_domain_that_is_none(domain):
    with pytest.raises(ValidationError):
        canonical(f"carol@{domain}")


def test_a_tag_alone_stays_a_name():
    assert canonical("+tag@gmail.com") == "+tag@gmail.com"


def test_the_domain_is_ascii_and_the_provider_s_first_name():
    assert domain_of("Carol@Bücher.EXAMPLE") == "xn--bcher-kva.example"
    assert domain_of("carol@GoogleMail.com") == "gmail.com"


LOCAL = st.text("abcDEF019.+-_", min_size=1, max_size=20)
DOMAINS = st.sampled_from(["gmail.com", "GoogleMail.com", "example.org", "BÜCHER.example", "pm.me", "me.com"])


@given(LOCAL, DOMAINS)
def test_it_is_stable(local, domain):
    once = canonical(f"{local}@{domain}")
    assert canonical(once) == once
    assert canonical(f"{local}@{domain}".upper()) == once
