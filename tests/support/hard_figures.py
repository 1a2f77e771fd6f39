"""What texts that cost rules for figures much are made of."""

FIGURES = (
    "1 234 ", "1.234.", "1,5 ", "123 ", "5-", "5 - ", "12:30 ", "1/2 ", "5 x ", "€ ", "5 € ", "3. ", "XIV ", "X",
    "z. B. ", "+49 ", "06 ", "2. und ", "% ", "1+", "°", "½", "5km", "am 3. ", "1h", "1\u00a0", "1.1.", "12-12-",
    "Ludwig X ", "5 Mio. ",
)  # fmt: skip
