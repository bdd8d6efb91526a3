"""Bookings. Each carries a key that says what it is for, so that none can be made twice."""

from uuid import uuid4

from descant.service.credits import prices
from descant.service.errors import OutOfCredits
from descant.storage import credits
from descant.storage.credits import Overdrawn
from descant.storage.database import Transaction
from descant.storage.records import EntryRecord, now


def balance(tx: Transaction, account_id: str) -> int:
    """Return what an account may spend."""
    return credits.balance(tx, account_id)


def charge(tx: Transaction, account_id: str, task_id: str, price: int) -> None:
    """Take the price of a task; one that costs nothing leaves no line.

    Raises
    ------
    OutOfCredits : when the balance does not cover it; the transaction must be left with the exception.
    """
    if price:
        _book(tx, account_id, -price, "charge", task_id, f"charge:{task_id}")


def spend(tx: Transaction, account_id: str, operation: str, *, once: str = "") -> bool:
    """Take the price of an operation that is answered at once.

    Parameters
    ----------
    operation : as in :data:`~descant.service.credits.prices.PRICES`; it is the line's reason.
    once : what the account pays this operation for a single time, such as a clip's id; "" to pay every time.

    Returns
    -------
    False when nothing was taken, since it is free or was paid for before.

    Raises
    ------
    OutOfCredits : when the balance does not cover it; the transaction must be left with the exception.
    """
    price = prices.price(operation)
    return price > 0 and _book(tx, account_id, -price, operation, None, f"{operation}:{once or uuid4()}")


def refund(tx: Transaction, account_id: str, task_id: str, amount: int) -> bool:
    """Give back credits of a task; False when that was done before. ``amount`` ≥ 0; 0 books nothing."""
    return amount > 0 and _book(tx, account_id, amount, "refund", task_id, f"refund:{task_id}")


def grant(tx: Transaction, account_id: str, amount: int) -> None:
    """Give an account credits, or with a negative amount take some away.

    Raises
    ------
    OutOfCredits : when more would be taken than there is.
    """
    _book(tx, account_id, amount, "grant", None, f"grant:{uuid4()}")


def _book(tx: Transaction, account_id: str, delta: int, reason: str, task_id: str | None, key: str) -> bool:
    entry = EntryRecord(account_id=account_id, delta=delta, reason=reason, task_id=task_id, key=key, created_at=now())
    try:
        return credits.book(tx, entry)
    except Overdrawn as error:
        raise OutOfCredits(needed=-delta, left=error.left) from error
