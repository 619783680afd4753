"""Doubles of the outside systems that cannot be run here."""
