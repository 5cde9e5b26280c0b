"""The suite: every service in one process, the demo, and the `shuniu` command."""
