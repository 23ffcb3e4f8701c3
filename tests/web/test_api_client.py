"""A client that somebody else's program makes of the document reads, answers and imports against a real server."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import openapi_python_client
import pytest
from openapi_python_client.config import Config, ConfigFile, MetaType

from styrhjul.web.api.document import document
from tests.answer_world import World
from tests.web.api_world import key
from tests.web.test_browser import answers, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from styrhjul.services.foundation.installation import Installation

NAME = "made_of_the_document"
KEY = "6f1e8a52-4d0c-4a0b-9f57-0c6e2f1b7a11"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The generated package's name, which can be imported meanwhile."""
    folder: Path = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    config = Config.from_sources(
        ConfigFile(post_hooks=[]), MetaType.NONE, folder / "openapi.json", "utf-8", overwrite=True,
        output_path=folder / NAME,
    )  # fmt: skip
    assert list(openapi_python_client.generate(config=config)) == []
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))
    for module in [name for name in sys.modules if name.partition(".")[0] == NAME]:
        del sys.modules[module]


@pytest.fixture
def client(home: Installation, world: World, made: str) -> Iterator[Any]:
    token = key(home, world.municipality_id)
    with (
        served(home) as address,
        import_module(made).AuthenticatedClient(
            base_url=address, token=token, raise_on_unexpected_status=True
        ) as found,
    ):
        yield found


def test_it_lists_policies_page_by_page(client: Any, made: str, world: World) -> None:  # noqa: ANN401
    found = import_module(f"{made}.api.policies.list_policies").sync(client=client, limit=1)
    assert [policy.title for policy in found.items] == ["Integrationspolicy"]
    assert found.next_ is None


def test_it_answers_a_case_once(client: Any, made: str, home: Installation, world: World) -> None:  # noqa: ANN401
    models, api = import_module(f"{made}.models"), f"{made}.api.cases"
    [case] = import_module(f"{api}.list_cases").sync(client=client, state=models.State.OPEN).items
    goal = models.GoalSent(text="Fler unga i arbete")
    kind = models.LifecycleKey.GOAL_SETTING
    sent = models.GoalsSent(
        kind="goal_setting", answer_version=case.answer_version, signed_by="Karin Alm", goals=[goal]
    )
    answer = import_module(f"{api}.answer_case")
    receipts = [answer.sync(case.id, client=client, body=sent, idempotency_key=KEY) for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert answers(home, world) == 1
    whole = import_module(f"{api}.get_case").sync(case.id, client=client)
    assert (whole.lifecycle, whole.answers[0].goals[0].text) == (kind, "Fler unga i arbete")


def test_it_reads_what_is_wrong(client: Any, made: str, world: World) -> None:  # noqa: ANN401
    models, answer = import_module(f"{made}.models"), import_module(f"{made}.api.cases.answer_case")
    sent = models.GoalsSent(kind="goal_setting", answer_version=0, signed_by="Karin Alm", goals=[])
    problem = answer.sync(world.case_id, client=client, body=sent, idempotency_key=KEY)
    assert (problem.status, problem.code) == (422, "incomplete")
    assert problem.errors[0].field == "/goals/0/text"
