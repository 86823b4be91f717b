"""Who may act: people, their clinic, their role, and the one table that says what a role may do."""
