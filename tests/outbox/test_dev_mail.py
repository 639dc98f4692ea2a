import stat
from pathlib import Path

import pytest
from django.urls import reverse

from outbox.delivery import deliver
from outbox.models import Lane, State

pytestmark = pytest.mark.django_db
LIST = "/dev/mail/"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.LOCAL = settings.MAIL_STAYS_HERE = True
    settings.EMAIL_BACKEND = "outbox.filebackend.FolderBackend"
    settings.MAIL_DIR = tmp_path / "mail"
    return settings.MAIL_DIR


@pytest.fixture
def name(folder, write):
    write("note", "carol", context={"name": "<b>Zoë</b>", "code": "https://localhost/confirm/abc?x=1&y=2"})
    deliver([Lane.URGENT])
    [path] = folder.iterdir()
    return path.name


def test_each_mail_is_a_file_that_only_the_owner_reads(folder, name, write):
    write("note", "dave")
    deliver([Lane.URGENT])
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == name
    assert len(names) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(folder, write):
    folder.write_text("in the way")
    [message] = write("note", "carol")
    assert deliver([Lane.URGENT]) == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.QUEUED, 1)
    assert message.last_error.startswith("connection lost: FileExistsError")


def test_the_list_is_empty_at_first(client):
    response = client.get(LIST)
    assert response.status_code == 200
    assert "No mail yet" in response.text


def test_the_list_shows_the_newest_first(client, name, write):
    write("letter", "dave")
    deliver([Lane.BULK])
    page = client.get(LIST).text
    assert page.index("News about Lamps") < page.index("your code")
    assert "carol@example.org" in page
    assert "<code>note</code>" in page


def test_a_mail_is_shown_with_links_to_click(client, name):
    response = client.get(reverse("outbox:dev_mail_message", args=[name]))
    assert "Hello &lt;b&gt;Zoë&lt;/b&gt; &amp; all" in response.text
    assert '<a href="https://localhost/confirm/abc?x=1&amp;y=2"' in response.text
    assert f'<iframe class="w-100 vh-100 border rounded" src="/dev/mail/{name}/html/"' in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_the_html_part_can_do_nothing_but_lead_away(client, name):
    response = client.get(reverse("outbox:dev_mail_html", args=[name]))
    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-top-navigation-by-user-activation; default-src 'none';")
    assert "allow-scripts" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_top">' in response.text
    assert "Hello &lt;b&gt;Zoë&lt;/b&gt;" in response.text


@pytest.mark.parametrize(
    ("change", "meta"),
    [
        ({"LOCAL": False}, {}),
        ({"MAIL_STAYS_HERE": False}, {}),
        ({}, {"REMOTE_ADDR": "192.0.2.7"}),
        ({}, {"REMOTE_ADDR": ""}),
        ({}, {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
        ({}, {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}),
    ],
)
def test_it_is_there_only_for_this_machine(client, settings, name, change, meta):
    for setting, value in change.items():
        setattr(settings, setting, value)
    for path in (LIST, f"{LIST}{name}/", f"{LIST}{name}/html/"):
        assert client.get(path, **meta).status_code == 404


def test_it_answers_over_ipv6_too(client):
    assert client.get(LIST, REMOTE_ADDR="::1").status_code == 200


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e%2fsecret", "20260101T000000000000-0123456789ab.eml", "x.eml", "."]
)
def test_it_opens_nothing_but_mails(client, folder, name):
    folder.mkdir()
    (folder.parent / "secret").write_text("Subject: secret\n\nx")
    (folder / "x.eml").write_text("Subject: not ours\n\nx")
    assert client.get(f"{LIST}{name}/").status_code == 404


def test_it_follows_no_link_out_of_the_folder(client, folder):
    folder.mkdir()
    Path(folder.parent / "secret").write_text("Subject: secret\n\nx")
    name = "20260101T000000000000-0123456789ab.eml"
    (folder / name).symlink_to(folder.parent / "secret")
    assert client.get(f"{LIST}{name}/").status_code == 404


def test_it_only_reads(client):
    assert client.post(LIST).status_code == 405
