"""The demo clinic: invented people, dated relative to today. Installed in demo and test settings only."""
