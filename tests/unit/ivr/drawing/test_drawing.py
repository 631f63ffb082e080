"""A flow's picture shows every way that a call may take, and nothing stands on top of another."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.drawing.layers import layout
from ivr.drawing.sketch import Sketch, sketch
from ivr.drawing.svg import HEIGHT, WIDTH, svg
from ivr.drawing.terminal import lines
from ivr.flow.service import load

SERVICE = load(Path(__file__).resolve().parents[4])
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=sorted(SERVICE.flows))
def drawn(request: pytest.FixtureRequest) -> Sketch:
    return sketch(SERVICE.flows[request.param])


def test_every_node_and_every_way_is_drawn(drawn: Sketch) -> None:
    picture = ElementTree.fromstring(svg(drawn))
    groups = picture.findall(f"{SVG}g")
    assert len([each for each in groups if each.find(f"{SVG}rect") is not None]) == len(drawn.boxes)
    assert len([each for each in groups if each.find(f"{SVG}path") is not None]) == len(drawn.arrows)
    assert {box.name for box in drawn.boxes} >= set(SERVICE.flows[drawn.flow].nodes)


def test_no_box_stands_on_another(drawn: Sketch) -> None:
    corners = [(float(x), float(y)) for x, y in re.findall(r'<rect x="([^"]+)" y="([^"]+)"', svg(drawn))]
    for one, other in combinations(corners, 2):
        assert abs(one[0] - other[0]) >= WIDTH or abs(one[1] - other[1]) >= HEIGHT


def test_an_arrow_bends_in_each_layer_that_it_crosses(drawn: Sketch) -> None:
    placed = layout(drawn)
    layer = {spot: index for index, row in enumerate(placed.rows) for spot in row}
    for way in placed.ways:
        assert all(abs(layer[one] - layer[other]) <= 1 for one, other in pairwise(way))


def test_the_picture_can_be_read_aloud(drawn: Sketch) -> None:
    picture = ElementTree.fromstring(svg(drawn))
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "title desc"
    assert picture.findtext(f"{SVG}title") == f"The flow {drawn.flow}"
    told = picture.findtext(f"{SVG}desc") or ""
    assert all(f"to {arrow.to}" in told for arrow in drawn.arrows)


def test_calls_stand_on_the_ways_that_they_took() -> None:
    counted = {("main.main", "main.request-status"): 12}
    told = lines(sketch(SERVICE.flows["main"], counted))
    assert any(re.search(r"1 \(12\) +→ request-status", line) for line in told)
    assert any(re.search(r"2 \(0\) +→ registration", line) for line in told)


def test_a_name_is_no_markup() -> None:
    flow = SERVICE.flows["main"]
    nodes = {**flow.nodes, "a<b>&": flow.nodes["main"]}
    odd = sketch(type(flow)(flow.name, flow.start, flow.rescue, nodes, flow.source))
    ElementTree.fromstring(svg(odd))
