from descant import settings
from descant.service.webhooks import message


def test_the_servers_secret_is_printed_alone_and_stays_the_same(descant) -> None:
    first, second = descant("webhook-secret"), descant("webhook-secret")
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert first.stdout.strip() == message.server_secret(settings.read().secret())
