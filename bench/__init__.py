"""What judges the cover engine: tunes, test songs made of them, metrics, and the table of floors and aims."""
