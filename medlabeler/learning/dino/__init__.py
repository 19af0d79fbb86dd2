"""DINO (Caron et al. 2021, https://arxiv.org/abs/2104.14294) on a person's own images, without labels.

A student network learns to say of any crop of an image what a slowly moving average of itself, the teacher,
says of a large crop of the same image. The teacher's backbone is what is kept.
"""
