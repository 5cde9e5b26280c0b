"""Outgoing 发文: drafted, signed, registered, printed, sealed, issued (条例 arts 18-25)."""
