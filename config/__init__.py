"""The roof and the foundation of Infusion Desk; docs/architecture.md draws which of its rooms stand on which floor."""
