"""Backchannel: questions from afar into the room, live-blog entries out, answers back."""
