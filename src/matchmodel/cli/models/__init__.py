"""Commands that make model files and judge them."""
