from django.urls import path

from outbox import dev_mail

app_name = "outbox"
urlpatterns = [
    path("", dev_mail.show_list, name="dev_mail"),
    path("<str:name>/", dev_mail.show_mail, name="dev_mail_message"),
    path("<str:name>/html/", dev_mail.show_html, name="dev_mail_html"),
]
