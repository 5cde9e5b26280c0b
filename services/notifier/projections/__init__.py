"""What the notifier keeps: the mailboxes, and what it knows of matters."""
