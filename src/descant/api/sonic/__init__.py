"""The sonic family (contract/sonic.md): creating songs and reading their tasks."""
