"""P(match) of one person's applications to several specialties, with its range: the joint draws taken through shared luck.

Standard library only.
"""

from .. import odds
from .luck import unmatched, weighty
from .profile import jointly

_TINY = 1e-15


class Chances:
    """P(match) of several specialties' lists as a function of their states, luck shared; of one alone, the chain's own."""

    def __init__(self, means):
        self.means, self._known = means, {}

    def _row(self, k, state, alpha):
        key = k, id(state), alpha  # states outlive this: their profile keeps them
        if key not in self._known:
            mean = self.means[k](state)
            self._known[key] = [unmatched(mean * g, state) for g, _ in weighty(alpha)]
        return self._known[key]

    def __call__(self, states):
        """Return P(match). The person's luck has the dispersion of the first state, so that a step in it is counted once by `jointly`."""
        if len(states) == 1:
            return states[0].match(self.means[0](states[0]))
        alpha = states[0].alpha
        none = [w for _, w in weighty(alpha)]
        for k, state in enumerate(states):
            none = [a * b for a, b in zip(none, self._row(k, state, alpha))]
        return 1.0 - sum(none)

    def drawn(self, profiles):
        """Return P(match) as a `Drawn`."""
        found = jointly(profiles, lambda states: odds.logit(min(max(self(states), _TINY), 1 - _TINY)))
        return found._replace(point=self([p.state for p in profiles]), draws=[odds.expit(v) for v in found.draws])
