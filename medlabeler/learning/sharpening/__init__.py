"""A backbone learns from a person's labels and from the unlabelled pool: see `train.Sharpener`."""
