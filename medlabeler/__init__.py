"""MedLabeler: from a folder of unlabelled medical images to a classifier that can be trusted."""

__version__ = "0.1.0"
