"""The first page in a browser: its charts draw under the strict policy, and lead to their rows."""
from __future__ import annotations

import gzip

import pytest

from tests.conftest import COUNTY

MOST_REQUESTS, MOST_BYTES = 12, 360 * 1024


@pytest.mark.parametrize("width", [1440, 390])
def test_every_chart_is_drawn_without_a_complaint(page_of, width):
    page = page_of("县级业务人员", COUNTY, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.goto("/")
    page.wait_for_function("document.querySelectorAll('[data-chart]').length === document.querySelectorAll('[data-drawn] canvas').length")
    inked = page.evaluate("""() => Array.from(document.querySelectorAll('[data-chart] canvas')).map(canvas =>
        canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))""")
    assert inked == [True] * len(inked)
    assert len(inked) >= 3
    assert page.faults == []


def test_a_point_of_a_chart_opens_the_rows_behind_it(page_of):
    page = page_of("县级业务人员", COUNTY, reduced_motion="reduce")
    page.goto("/")
    page.wait_for_selector("#chart-categories[data-drawn]")
    place = page.evaluate("""() => { const node = document.querySelector('#chart-categories'), chart = echarts.getInstanceByDom(node);
        const [x, y] = chart.convertToPixel({seriesIndex: 0}, [0.5, 0]), box = node.getBoundingClientRect();
        return [box.left + x, box.top + y + window.scrollY]; }""")
    page.evaluate("y => window.scrollTo(0, y - 300)", place[1])
    page.mouse.click(place[0], place[1] - page.evaluate("window.scrollY"))
    page.wait_for_url("**/supervision_items/list/**")
    assert "category=" in page.url


def test_the_page_asks_for_little(page_of):
    page = page_of("县级业务人员", COUNTY)
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert len(asked) <= MOST_REQUESTS
    assert sum(len(gzip.compress(page.request.get(url).body())) for url in asked) <= MOST_BYTES
