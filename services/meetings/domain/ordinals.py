"""How meetings are numbered: 第二十七次, without a year."""

DIGITS = "零一二三四五六七八九"
MOST = 999


def numeral(number: int) -> str:
    """Return *number*, 1 to 999, as Chinese writes it."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    elif hundreds and ones:
        said += DIGITS[0]
    return said + (DIGITS[ones] if ones else "")


def name_of(ordinal: int, body_name: str) -> str:
    """Return what a meeting is called: 第二十七次常委会会议."""
    return f"第{numeral(ordinal)}次{body_name}"
