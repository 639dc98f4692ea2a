"""Forms as crispy writes them in our look."""

from bs4 import BeautifulSoup
from django import forms
from django.template import Context, Template


class Form(forms.Form):
    title = forms.CharField(label="Title", help_text="One ask.")
    reason = forms.CharField(label="Reason", required=False)
    place = forms.ChoiceField(
        label="Place", choices=[("a", "Here"), ("b", "There")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="I agree", required=False)


def page(form):
    html = Template("{% load crispy_forms_filters %}{{ form|crispy }}").render(Context({"form": form}))
    return BeautifulSoup(html, "html.parser")


def test_it_marks_what_is_optional_and_not_what_is_needed():
    soup = page(Form())
    marked = [label.get_text(" ", strip=True) for label in soup.select("label.form-label, legend")]
    assert marked == ["Title", "Reason (optional)", "Place"]
    assert "*" not in soup.get_text()


def test_it_leaves_a_tick_box_unmarked():
    assert "optional" not in page(Form()).find("label", attrs={"for": "id_agree"}).get_text()


def test_it_names_a_group_of_choices():
    assert page(Form()).fieldset.legend.get_text(strip=True) == "Place"


def test_it_ties_help_and_errors_to_their_field():
    field = page(Form({})).find(id="id_title")
    assert field["aria-describedby"].split() == ["id_title_helptext", "id_title_error"]
    assert field["aria-invalid"] == "true"
    assert page(Form({})).find(id="id_title_error")


def test_it_begins_with_what_is_wrong():
    soup = page(Form({}))
    summary = soup.find(class_="error-summary")
    assert summary["role"] == "alert"
    assert soup.find(id=summary.a["href"][1:])
    assert summary.sourceline <= soup.find(id="div_id_title").sourceline
