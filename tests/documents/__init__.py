"""What README, CHANGELOG and docs show of the model and its evaluation, made anew by `make figures`."""
