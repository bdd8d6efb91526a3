"""Recordings that are sent in: fetched or received, checked, and handed on to be listened to.

A recording is a clip of a task like any other. On its way it lies in the object store as it came and then as a clean
file (:mod:`.places`); both are gone when its clip has ended, whichever way.
"""
