"""Who the patients are, why they came, and how they may be reached."""
