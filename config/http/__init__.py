"""What pages and API views of every app are made of: guards, strict serializers, idempotency, paging."""
