"""What was fitted, written down as the records of the model file."""
