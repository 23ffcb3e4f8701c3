"""The results over the years on their page: plots with their numbers behind a fold, or a sentence for none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.test_answer import GOAL, handed_in

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.answer_world import World

HERE = "/herrljunga/results"


@pytest.mark.usefixtures("world")
def test_what_has_nothing_to_show_says_so(client: TestClient) -> None:
    page = client.get(HERE).text
    assert "Inga mål har följts upp" in page
    assert "Inga svar på mejl kom" in page


@pytest.mark.usefixtures("world")
def test_a_plot_has_its_numbers_as_a_table_beside_it(client: TestClient) -> None:
    page = client.get(HERE, params={"year": "2027", "policy": "integration"}).text
    plots = page.count('<figure class="plot">')
    assert plots == page.count("Visa som tabell") > 0
    assert page.count('role="img" aria-labelledby="plot-') == 2 * plots  # wide and narrow


def test_every_id_of_the_page_is_its_own(client: TestClient, world: World) -> None:
    handed_in(client, world.chair, GOAL)
    page = client.get(HERE, params={"year": "2027"}).text
    ids = [part.split('"')[0] for part in page.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", [f"{HERE}?policy=inget", "/ingen/results"])
@pytest.mark.usefixtures("world")
def test_what_is_not_there_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("world")
def test_a_year_far_away_is_this_year(client: TestClient) -> None:
    assert client.get(HERE, params={"year": "9999"}).text == client.get(HERE).text
