"""What the notebooks show: frames ready to be displayed, pictures, and sentences made of computed figures.

A notebook's cell only calls these functions; what a sentence states is tested.
"""
