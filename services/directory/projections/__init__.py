"""The read models of the directory. Delete a file and it is gone."""
