"""The OpenAPI document, tried by a program that knows nothing else: what it says holds, what it forbids is refused.

See docs/adr/0009-the-document-is-tried.md.
"""

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

from descant.api.app import create_app
from descant.settings import read as read_settings

EXAMPLES = 10
"""Requests tried of each operation beside those that its limits suggest: what fits a minute."""

load_all_checks()

UNCHECKED = ("positive_data_acceptance",)
"""Not held: a schema cannot say that a clip exists, or that the words of one mode are missing."""


described = schemathesis.openapi.from_dict(create_app(read_settings()).openapi())
"""What the server says of itself. The same wherever it runs, so it can be read before any is started."""


@described.exclude(path="/api/v1/sonic/upload").parametrize()  # waits for a worker; see test_uploads
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_what_the_document_says_holds(server, case):
    excluded = [check for check in CHECKS.get_all() if check.__name__ in UNCHECKED]
    case.call_and_validate(
        server.settings.public_url, headers={"Authorization": f"Bearer {server.key.key}"}, excluded_checks=excluded
    )
