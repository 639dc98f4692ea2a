import pytest

from petitions.markdown import paragraphs, snippet, to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x)",
    "![x](https://example.org/x.png)",
    "<a href='javascript:alert(1)'>x</a>",
    "`<svg onload=alert(1)>`",
    '[x](https://example.org "onmouseover=alert(1)")',
    "<javascript:alert(1)>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_it_lets_nothing_dangerous_through(text: str):
    html = to_html(text).lower()
    for tag in ("<script", "<img", "<svg", "<iframe"):
        assert tag not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert "title=" not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_captures_are_escaped_paragraphs(text: str):
    assert "<" not in paragraphs(text).replace("<p>", "").replace("</p>", "")


def test_it_demotes_headings_and_marks_links():
    html = to_html("# Big\n\nSee https://example.org/report and *this*.")
    assert "<h2>Big</h2>" in html
    assert '<a href="https://example.org/report" rel="nofollow ugc noopener">' in html
    assert "<em>this</em>" in html


def test_it_keeps_lists_quotes_and_breaks():
    html = to_html("- one\n- two\n\n> said\n\n1. first")
    for tag in ("<ul>", "<ol>", "<blockquote>"):
        assert tag in html


def test_plain_paragraphs_keep_line_breaks():
    assert paragraphs("one\ntwo\n\n\nthree & four") == "<p>one<br>two</p>\n<p>three &amp; four</p>"


def test_the_snippet_is_one_short_plain_line():
    assert snippet("<h2>Ask</h2><p>Tom &amp; <em>Ann</em></p>") == "Ask Tom & Ann"
    assert len(snippet("<p>" + "word " * 200 + "</p>")) <= 200
