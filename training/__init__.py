"""What the project learns by itself: recipes whose small results are kept in the repository."""
