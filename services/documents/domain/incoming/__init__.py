"""Incoming 收文: received, registered, instructed, answered, disposed of (条例 art 24)."""
