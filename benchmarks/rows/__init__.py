"""The rows of the quality table, a module a property; each takes takes and gives figures."""
