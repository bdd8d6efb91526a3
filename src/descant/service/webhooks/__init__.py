"""Webhooks: whom a task tells when it has ended, what is said, and how often it is tried (contract/webhooks.md).

The event is written in the transaction that ends the task, together with its place in the queue, and each further
attempt in the one that notes how the last went: whatever is killed when, an event is delivered at least once or tried
as often as it may be. Receivers tell repeats by the event's id, which all attempts share.
"""
