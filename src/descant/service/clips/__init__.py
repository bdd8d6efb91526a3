"""Finished clips: who may use them, listing and deleting them, and what their song documents can answer."""
