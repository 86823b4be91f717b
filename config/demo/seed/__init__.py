"""The demo clinic's content, written through the same doors that staff use, under the names of the demo's own staff."""
