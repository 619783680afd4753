"""Decisions without input or output: time, text and rows are handed in, values come back."""
