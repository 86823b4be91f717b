"""The ways out, one provider a file. Only `notifications.outbox` opens them; a new one is a file and a setting."""
