"""Batches: several requests sent at once, each taken in or refused by itself (contract/sonic.md §7)."""
