"""Candidacy, orders and visit records: the only rooms with dosing fields, written by clinicians alone."""
