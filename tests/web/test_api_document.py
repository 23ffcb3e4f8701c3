"""The API does what its document says, asked by a program nobody here wrote: what it allows, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from styrhjul.web import rate
from styrhjul.web.api.document import document
from styrhjul.web.app import create_app
from styrhjul.web.rules import RULES, SCOPES
from tests.answer_world import World
from tests.web.api_world import key

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from styrhjul.services.foundation.installation import Installation

EXAMPLES = 12
OPERATIONS = sorted((rule.method, rule.path) for rule in RULES if rule.permission in SCOPES)
KEY = "a-key-for-whatever-lacks-one"
#: What fits the schema may still be no answer to this case, and no list that this register can hold.
MEANT = ("answer_case", "import_officials")


def test_the_document_is_of_openapi_3_1_and_names_every_route_once() -> None:
    told = document()
    assert told["openapi"].startswith("3.1.")
    named = [(method.upper(), path) for path, methods in told["paths"].items() for method in methods]
    assert sorted(named) == OPERATIONS
    operations = [operation for methods in told["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)


def test_every_operation_says_what_it_needs_and_how_it_refuses() -> None:
    for rule in RULES:
        if rule.permission in SCOPES:
            operation = document()["paths"][rule.path][rule.method.lower()]
            assert operation["security"] == [{"token": [SCOPES[rule.permission].value]}]
            assert {"401", "403", "404", "422", "429"} <= operation["responses"].keys()
            assert operation["summary"]
            assert operation["description"].endswith(".")
            assert operation["tags"]


def test_the_document_is_read_without_a_key_and_names_no_host(client: TestClient) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.json() == document()
    assert "http://" not in response.text
    assert "https://" not in response.text


def allowed(home: Installation, world: World) -> Any:  # noqa: ANN401 - schemathesis's own
    """Every operation of the document as the application itself gives it, with every check that schemathesis makes."""
    acceptance = {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "409", "422"]}}
    configured = SchemathesisConfig.from_dict(
        {
            "seed": 2027,
            "auth": {"openapi": {"token": {"bearer": key(home, world.municipality_id)}}},
            "operations": [{"include-operation-id": name, "checks": acceptance} for name in MEANT],
        }
    )
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(home), config=configured)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_asked_the_answer_is_what_the_document_says(
    home: Installation, world: World, monkeypatch: pytest.MonkeyPatch, *, method: str, path: str
) -> None:
    monkeypatch.setattr(rate, "MOST", {})
    operation = allowed(home, world)[path][method]
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    assert asked_of(fitting, world.case_id) > 0
    if list(operation.iter_parameters()) or operation.body:
        assert asked_of(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)) > 0


def make_fit(case: Any, case_id: str) -> None:  # noqa: ANN401 - schemathesis's own
    """Ask of the case that there is, and with the key that all but a dry run needs: no document can say so."""
    if "case_id" in case.path_parameters:
        case.path_parameters["case_id"] = case_id
    if case.method == "POST" and str(case.query.get("dry_run")).lower() != "true":  # "false" is a word here
        case.headers.setdefault("Idempotency-Key", KEY)


def asked_of(cases: Any, case_id: str = "") -> int:  # noqa: ANN401 - schemathesis's own
    """Ask all of them, of the case that there is where one is named; return how many were answered as they should."""
    sound = []

    @seed(2027)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def asked(case: Any) -> None:  # noqa: ANN401 - schemathesis's own
        if case_id:
            make_fit(case, case_id)
        sound.append(case.call_and_validate().status_code)

    asked()
    return len(sound)
