"""`python -m suite` is the `shuniu` command."""

from suite.cli import main

main()
