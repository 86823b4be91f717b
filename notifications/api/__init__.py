"""The API over this app's doors."""
