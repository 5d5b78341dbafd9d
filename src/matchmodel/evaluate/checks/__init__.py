"""Each check of a trained model, one per file."""
