"""Briefings: what stands in them, who gets them, and that the same data give the same bytes."""
from __future__ import annotations

import subprocess

import pytest

from app.areas.briefings.figures import suppressed
from app.areas.briefings.make import make_briefing, renderer, tasks
from app.core.period import HalfMonth
from app.documents import REPORTS
from app.documents.errors import FiguresRefused

PERIOD = HalfMonth.parse("2026-11-a")
TOWNS = ["城东街道", "锦秋街道", "博昌街道", "曹王镇", "兴福镇", "陈户镇", "湖滨镇", "店子镇", "吕艺镇", "纯化镇", "庞家镇", "乔庄镇"]


def said(path):
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def papers(app, db_session):
    """The county's paper and one of every town, committed."""
    tasks["county_briefing"].run(str(PERIOD))
    tasks["town_briefings"].run(str(PERIOD))
    db_session.commit()
    from app.areas.briefings.issues import BriefingIssue

    return {(i.kind.value, i.division_code): i for i in db_session.query(BriefingIssue).filter_by(period=str(PERIOD))}


def file_of(app, issue):
    return app.config["DATA_DIR"] / "briefings" / issue.path


def test_the_county_paper_names_all_towns_and_embeds_its_faces(app, papers):
    path = file_of(app, papers["county", "371625"])
    words = said(path)
    assert [town for town in TOWNS if town not in words] == []
    for heading in ("超期督查事项", "六十日内到期的法律顾问合同", "“六个到位”排名", "重点人群服务情况"):
        assert heading in words
    fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all(" yes yes " in line for line in fonts)


def test_every_town_paper_holds_on_one_page(papers):
    pages = {code: issue.pages for (kind, code), issue in papers.items() if kind == "town"}
    assert pages == dict.fromkeys(pages, 1)
    assert len(pages) == len(TOWNS)


def test_no_paper_names_a_person_of_a_service_file(app, papers):
    words = said(file_of(app, papers["county", "371625"])) + said(file_of(app, papers["town", "371625101"]))
    assert "FW-2026" not in words
    assert "000000" not in words


def test_small_counts_of_people_are_not_printed():
    assert [suppressed(n) for n in (1, 4, 5, 12)] == ["<5", "<5", "5", "12"]


def test_a_repeated_run_keeps_number_and_bytes(db_session, papers):
    before = papers["county", "371625"]
    number, digest = before.number, before.sha256
    again = make_briefing("county", PERIOD, "371625")
    assert (again.id, again.number, again.sha256) == (before.id, number, digest)


def test_a_town_leader_downloads_that_town_and_no_other(papers, make_user, db_session):
    leader = make_user("领导", "371625101")
    own = leader.get(f"/briefings/{papers['town', '371625101'].id}/download")
    assert own.status_code == 200
    assert own.data.startswith(b"%PDF")
    for other in (("town", "371625102"), ("county", "371625")):
        assert leader.get(f"/briefings/{papers[other].id}/download").status_code == 404
    from app.audit import AuditEntry

    assert db_session.query(AuditEntry).filter_by(action="download", row_id=papers["town", "371625101"].id).count() == 1


def test_figures_that_do_not_fit_are_refused_before_a_page_is_made(app, tmp_path):
    with app.app_context(), pytest.raises(FiguresRefused):
        renderer().make(REPORTS / "county", {"title": "x"}, tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()
