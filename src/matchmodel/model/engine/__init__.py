"""The one engine: log odds, invitations, chances and ranges of applicants, in every joint draw.

For specialty s and applicant type t, in each draw, with u = (Step 2 CK - 240)/10:

    LP(x)                = (alpha + beta u - level) + sum over known covariates of (delta u_j - kappa_j)
    P(match | ranked, x) = expit(level + LP(x))
    mu(N, x)             = m0 C(N) exp(eta LP(x))            mean invitations of somebody who takes part
    K | x, N             ~ negative binomial, mean mu, variance mu + v mu^2; each invitation is ranked
    P(match | k, x)      = expit(A(x) + b ln min(k, 12)),    k >= 1
    P(apply | N, x)      = sum over k >= 1 of P(K = k) P(match | k, x)

A(x) solves sum over k >= 1 of P(K = k | K >= 1, x) P(match | k, x) = P(match | ranked, x) at the usual
number: the margin over K is the logistic model's for every profile, so that P(apply | usual number, x) =
P(K >= 1, x) P(match | ranked, x). Training picks eta so that A rises by lambda per unit of LP, and refuses
draws in which A falls anywhere.

Unknown covariates drop out: kappa is their centring. C(N) is the sum of the invitation rates of N programs:
as IMGs choose them, C(N) = N r (1 + (rho - 1)(1 - N/L)/(1 - N_use/L)), with r the mean rate of a program,
rho the ratio of the application-weighted to the plain mean, L the programs listed and N_use the usual
number; at random, N r; friendliest first, the sum of the N highest rates, each at most 1 with the profile.
A later cycle adds the drift to the level; a calibration (Cox, Biometrika 45:562, 1958) turns log odds x into
i + s x, so the profile counts s LP.

An answer is computed in every draw. Its point is the mean over draws (a predictive probability), its range
their 10% and 90% quantiles.
"""

from .cells import MOST_USUAL, ORDERS, CellArrays, ChainArrays, Order, choice_terms
from .needed import Needed
from .people import People
from .ranges import RANGE, Z_RANGE, Range, expit, one_range, ranges
from .ranks import MOST_RANKS, ranks_pmf, solve_at
from .ratios import mean_ranked, u_of

__all__ = [
    "MOST_RANKS", "MOST_USUAL", "ORDERS", "RANGE", "Z_RANGE", "CellArrays", "ChainArrays", "Needed", "Order",
    "People", "Range", "choice_terms", "expit", "mean_ranked", "one_range", "ranges", "ranks_pmf", "solve_at",
    "u_of",
]  # fmt: skip
