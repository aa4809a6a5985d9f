"""A file that comes in parts: appended where it ends, resumed, and nobody else's."""

import pytest

from dialer.store.tables import LeadList, Role
from web.admin import uploads

CONTENT = b"tel\r\n" + b"".join(b"06%08d\r\n" % n for n in range(100))

SIZE = len(CONTENT)


@pytest.fixture
def admin(enter):
    return enter(Role.ADMIN)


def _begin(person, campaign, size=SIZE, name="prospects.csv", **facts):
    told = {"campaign_id": campaign.id, "name": "", "file_name": name, "size": size, **facts}
    return person.post("/lists/uploads", json=told)


def _put(person, offset, body, list_id=1):
    headers = {"X-CSRFToken": person.token}
    return person.client.put(f"/lists/{list_id}/part?offset={offset}", data=body, headers=headers)


def test_parts_make_the_file_and_the_list_waits_for_its_columns(
    admin, campaign, settings, session_factory
):
    told = _begin(admin, campaign).json
    assert (told["list_id"], told["offset"], told["url"]) == (1, 0, "")
    assert _put(admin, 0, CONTENT[:500]).json["offset"] == 500
    last = _put(admin, 500, CONTENT[500:]).json
    assert last["url"] == "/lists/1"
    assert (settings.var_dir / "uploads" / "1").read_bytes() == CONTENT
    with session_factory() as session:
        row = session.get_one(LeadList, 1)
        assert (row.state, row.name, row.file_size) == ("UPLOADED", "prospects", len(CONTENT))


def test_the_same_file_goes_on_where_it_was_cut_off(admin, campaign, settings):
    _begin(admin, campaign)
    _put(admin, 0, CONTENT[:500])
    told = _begin(admin, campaign).json
    assert (told["list_id"], told["offset"]) == (1, 500)
    assert _begin(admin, campaign, size=7).json["list_id"] == 2


def test_a_part_that_does_not_fit_is_told_where_the_file_ends(admin, campaign, settings):
    _begin(admin, campaign)
    _put(admin, 0, CONTENT[:500])
    for offset, body in ((0, CONTENT[:500]), (600, b"x"), (500, CONTENT), (None, b"x")):
        answer = _put(admin, offset, body)
        assert (answer.status_code, answer.json["offset"]) == (409, 500)
    assert (settings.var_dir / "uploads" / "1.part").read_bytes() == CONTENT[:500]


def test_an_upload_is_of_the_one_who_began_it(admin, enter, campaign):
    _begin(admin, campaign)
    other = enter(Role.ADMIN, "other")
    assert _put(other, 0, b"x").status_code == 409
    assert _begin(other, campaign).json["list_id"] == 2


def test_a_part_is_no_larger_than_agreed(admin, campaign, monkeypatch):
    monkeypatch.setattr(uploads, "PART_BYTES", 10)
    _begin(admin, campaign)
    assert _put(admin, 0, b"x" * 11).status_code == 413


@pytest.mark.parametrize(
    ("facts", "status"),
    [({"size": 0}, 422), ({"size": 10**9}, 422), ({"size": "7"}, 400), ({"campaign_id": 99}, 400)],
)
def test_what_is_announced_is_checked(admin, campaign, facts, status):
    size = facts.pop("size", 7)
    assert _begin(admin, campaign, size, **facts).status_code == status


def test_a_list_that_is_imported_takes_no_more_parts(admin, campaign):
    _begin(admin, campaign, size=5)
    _put(admin, 0, b"tel\r\n")
    assert _put(admin, 5, b"x").status_code == 409
