"""What to label next: one file per query strategy, `suggest` to ask them, `names` for menus and help."""
