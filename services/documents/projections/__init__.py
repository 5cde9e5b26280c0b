"""The read models of documents: the two registers. Delete a file and it is gone."""
