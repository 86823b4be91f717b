"""Pages with this app's data."""
