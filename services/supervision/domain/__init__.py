"""The supervision domain: the matter and the policies it is held to."""
