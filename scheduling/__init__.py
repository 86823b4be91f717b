"""Chairs, hours, availability and booking. This floor cannot see orders, so it cannot compute from them."""
