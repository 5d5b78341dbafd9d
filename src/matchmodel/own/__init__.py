"""Your own applicants, whose outcomes are known: to check a model, to calibrate it, to update it."""

SEED = 2026  # of every random number in here
SOURCE = "your own applicants"
FEWEST = 5  # a group of fewer applicants is never told, nor can be worked out from what is told
WHICH = (
    "calibrate puts the average of your own applicants into the answers and scales all factors alike; "
    "update learns each factor and each specialty by itself, and moves averages only as far as the tables "
    "leave room. For both, update first, then calibrate on other rows."
)
