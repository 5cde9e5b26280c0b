"""A deliberation opinion: compiled, passed, handed over, dealt with, judged."""
