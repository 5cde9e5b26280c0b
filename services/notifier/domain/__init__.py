"""The notifier's domain: the rules of who is told, and the leaders' digest."""
