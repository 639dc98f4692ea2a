"""What search engines ask first."""

from petitions.states import State


def test_robots_keeps_crawlers_out_of_rooms(client, settings):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/\n" in text
    assert "Disallow: /accounts/\n" in text
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml\n" in text


def test_sitemap_names_public_petitions_only(client, make_petition, django_assert_num_queries):
    shown, hidden = make_petition(State.CLOSED), make_petition(State.REMOVED)
    with django_assert_num_queries(1):
        response = client.get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    assert f"{shown.get_absolute_url()}</loc>" in response.content.decode()
    assert hidden.get_absolute_url() not in response.content.decode()
