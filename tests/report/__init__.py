"""What is told of an event when it is over."""
