"""What the notebooks show: frames ready to be displayed, pictures, and sentences made of computed figures."""
