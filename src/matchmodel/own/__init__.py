"""Your own applicants, whose outcomes are known: to check a model, to calibrate it, to update it."""

SEED = 2026  # of every random number in here
SOURCE = "your own applicants"
FEWEST = 5  # a group of fewer applicants is never told, nor can be worked out from what is told
WHICH = (
    "calibrate puts the average of your own applicants into the answers and scales all factors alike; "
    "update learns each factor, each specialty and your average by itself; evaluate changes nothing. "
    "See docs/how-to/your-own-applicants.md."
)
ONCE = (
    "Give no row twice: not to calibrate a model that was updated with it, and not to evaluate a model that "
    "learnt from it. A table is known again and refused, a few rows of it are not."
)
