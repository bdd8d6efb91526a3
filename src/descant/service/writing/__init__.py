"""Words written on request: lyrics, and fuller style tags."""
