"""How the learned part of the triage comes about: samples, and the program that turns them into weights."""
