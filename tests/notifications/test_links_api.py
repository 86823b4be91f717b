"""`/api/v1/visit-links/`: the links that went out, read and ended as on the page of their message."""

import pytest

pytestmark = pytest.mark.django_db
URL = "/api/v1/visit-links/"


def test_the_links_of_a_message_and_of_a_visit_without_their_secret(link, ana, api_as):
    api = api_as(ana)
    [row] = api.get(URL, {"message": str(link.message_id)}).data["results"]
    assert (row["id"], row["ended_at"], row["answer"]) == (str(link.pk), None, "")
    assert "token_hash" not in row
    assert len(api.get(URL, {"appointment": str(link.message.appointment_id)}).data["results"]) == 1
    assert api.get(URL, {"appointment": str(link.pk)}).data["results"] == []
    one = api.get(f"{URL}{link.pk}/")
    assert one.headers["ETag"] == f'"{link.version}"'
    told = api.get(f"{URL}{link.pk}/history/")
    assert told.status_code == 200
    assert link.token_hash not in told.content.decode() + one.content.decode()


def test_it_is_ended_once_with_a_reason_upon_what_was_read(link, ana, api_as, phone, opens):
    api, one = api_as(ana), f"{URL}{link.pk}/end/"
    assert api.post(one, {}).status_code == 400
    assert api.post(one, {"reason": " "}).status_code == 400
    assert api.post(one, {"reason": "Lost phone."}, headers={"If-Match": '"9"'}).status_code == 409
    done = api.post(one, {"reason": "Lost phone.", "version": link.version})
    assert (done.status_code, done.data["ended_why"], done.data["ended_by"]) == (200, "Lost phone.", ana.pk)
    assert api.post(one, {"reason": "Again."}).status_code == 409
    assert phone.get(opens).status_code == 404


def test_another_clinics_link_is_not_there_and_nurses_end_none(link, zoe, nils, api_as):
    assert api_as(zoe).get(URL).data["results"] == []
    assert api_as(zoe).get(f"{URL}{link.pk}/").status_code == 404
    assert api_as(zoe).post(f"{URL}{link.pk}/end/", {"reason": "x"}).status_code == 404
    assert api_as(nils).post(f"{URL}{link.pk}/end/", {"reason": "x"}).status_code == 403
