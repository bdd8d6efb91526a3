"""The files of finished clips."""
