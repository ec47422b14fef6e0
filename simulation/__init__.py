"""The mathematics of momentum, in NumPy alone: readable with only the article beside it."""
