"""The read models of supervision. Delete a file and it is gone."""
