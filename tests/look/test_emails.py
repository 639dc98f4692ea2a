"""The base of all mails."""

from bs4 import BeautifulSoup
from django.template import engines

HTML = """{% extends "emails/base.html" %}{% block heading %}{{ title }}{% endblock %}
{% block button_url %}https://petitions.example/x/{% endblock %}{% block button_label %}Open{% endblock %}"""
TEXT = """{% extends "emails/base.txt" %}{% block body %}{{ title }}{% endblock %}"""
CONTEXT = {"title": "Bread & <Roses>", "site_name": "Hundred", "site_url": "https://petitions.example"}


def test_it_has_one_button_and_no_picture():
    soup = BeautifulSoup(engines["django"].from_string(HTML).render(CONTEXT), "html.parser")
    assert [link["href"] for link in soup.select(".m-btn a")] == ["https://petitions.example/x/"]
    assert soup.img is None
    assert soup.h1.get_text() == "Bread & <Roses>"


def test_it_writes_plain_text_plainly():
    assert "Bread & <Roses>" in engines["django"].from_string(TEXT).render(CONTEXT)
