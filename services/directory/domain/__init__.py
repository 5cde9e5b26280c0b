"""The directory's domain: pure, and the only place where its rules stand."""
