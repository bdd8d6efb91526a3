"""Credits: what things cost, and the ledger."""
