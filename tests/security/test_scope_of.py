"""From posts to rows: whose rows a request may touch, and that nothing of it stays behind."""
from __future__ import annotations

import threading

import pytest

from app.database.scope import NOWHERE, TooManyRanges, current_scope
from app.security.models import Post
from app.security.scope_of import ranges_of, scope_for

COUNTY, TOWN, OTHER = "371625", "371625101", "371625102"


@pytest.mark.parametrize(("posts", "inside", "outside"), [
    ([], [], [COUNTY, TOWN, ""]),
    ([(TOWN, "below")], [TOWN, TOWN + "001"], [COUNTY, OTHER, "371625U001"]),
    ([(TOWN, "alone")], [TOWN], [TOWN + "001", COUNTY]),
    ([(COUNTY, "below"), (TOWN, "alone")], [COUNTY, TOWN, OTHER + "001", "371625U001"], ["371624", "3716"]),
    ([(TOWN, "below"), (OTHER, "alone")], [TOWN + "001", OTHER], [OTHER + "001"]),
])
def test_posts_open_their_divisions_and_no_other(db_session, person, posts, inside, outside):
    user = person()
    db_session.add_all(Post(user_id=user.id, division_code=code, reach=reach) for code, reach in posts)
    db_session.flush()
    scope = scope_for(user)
    assert all(scope.holds(code) for code in inside)
    assert not any(scope.holds(code) for code in outside)
    assert (scope.user_id, scope.actor) == (user.id, user.full_name)
    db_session.rollback()


def test_a_fifth_separate_division_is_refused():
    with pytest.raises(TooManyRanges):
        ranges_of([(f"37162510{n}", "below") for n in range(5)])


def test_nothing_of_a_request_stays_on_its_thread(app, accounts, make_user):
    make_user("镇街录入员", TOWN)
    left = []

    def serve():
        with app.test_request_context("/account"):
            app.preprocess_request()
        left.append(current_scope())

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
    assert left == [NOWHERE]


def test_rights_cost_at_most_one_statement_a_request(clerk, statements):
    with statements() as seen:
        assert clerk.get("/account/password").status_code == 200
    assert sum("ab_permission_view_role" in each for each in seen) <= 1
    assert len(seen) <= 12
