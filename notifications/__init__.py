"""Which messages are due, sent once, through which channel. There is no way from here to a drug or a dose."""
