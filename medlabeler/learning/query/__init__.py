"""What to label next: one file per query strategy, `registry` that lists them, `suggest` to ask them."""
