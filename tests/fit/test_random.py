"""Random numbers by name: exact moments, and no name knows of another."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import kstest

from matchmodel.fit.random import COMMON, OWN, Normals

MANY = 600  # draws: more than twice the columns of a specialty with those that all share


@pytest.fixture(scope="module")
def normals() -> Normals:
    return Normals(7, MANY)


def design(normals: Normals, specialty: str) -> np.ndarray:
    """Every column that can meet in an answer on one specialty."""
    return np.column_stack([*(normals.one(n) for n in COMMON), *(normals.own(n, specialty) for n in OWN)])


def test_columns_that_meet_have_mean_zero_variance_one_and_no_correlation(normals):
    z = design(normals, "Neurology")
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(z.T @ z / (MANY - 1), np.eye(z.shape[1]), atol=1e-10)


@pytest.mark.parametrize("draws", [50, 51, MANY])
def test_every_draw_has_its_mirror_image(draws):
    """So third moments, and products of three, vanish; they would be of size 1/sqrt(draws)."""
    z = design(Normals(7, draws), "Neurology")
    np.testing.assert_array_equal(z, -z[::-1])
    np.testing.assert_allclose(
        np.einsum("di,dj,dk->ijk", z[:, :9], z[:, :9], z[:, :9]) / draws, 0, atol=1e-12
    )


def test_means_of_curved_functions_are_nearer_than_independent_draws_give(normals):
    """The mean of expit over sums of columns, compared with many independent draws of the same sums."""
    rng, errors, plain = np.random.default_rng(1), [], []
    z = design(normals, "Neurology")
    for _ in range(40):
        weights = rng.normal(0, 0.25, z.shape[1])
        spread, centre = np.sqrt(weights @ weights), rng.normal()
        nodes, mass = np.polynomial.hermite_e.hermegauss(60)
        exact = mass @ expit(centre + spread * nodes) / mass.sum()
        errors.append(expit(centre + z @ weights).mean() - exact)
        plain.append(expit(centre + spread * rng.standard_normal(MANY)).mean() - exact)
    assert np.std(errors) < 0.2 * np.std(plain)


def test_with_few_draws_only_mean_and_variance_are_exact():
    z = design(Normals(7, 50), "Neurology")
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(z.var(axis=0, ddof=1), 1)


@pytest.mark.parametrize("draws", [50, MANY])
def test_a_name_has_the_same_draws_whatever_was_drawn_before_it(draws):
    one, other = Normals(3, draws), Normals(3, draws)
    other.one("something else")
    other.own("ratio", "Dermatology")
    other.own("a name of its own", "Neurology")
    other.rng("a part").random(9)
    for name in ("lambda", "not in the list"):
        np.testing.assert_array_equal(one.own(name, "Neurology"), other.own(name, "Neurology"))
    for name in ("drift", "not in the list"):
        np.testing.assert_array_equal(one.one(name), other.one(name))
    np.testing.assert_array_equal(one.rng("a part").random(3), Normals(3, 9).rng("a part").random(3))


def test_leaving_a_specialty_out_changes_no_others_columns(normals):
    both = normals.pooled(["drift"], "ratio", ["Neurology", "Dermatology", "Pediatrics"])
    np.testing.assert_array_equal(
        normals.pooled(["drift"], "ratio", ["Neurology", "Pediatrics"]), both[:, [0, 1, 3]]
    )
    assert normals.pooled([], "ratio", ["Neurology"]).shape == (MANY, 1)


def test_names_specialties_and_seeds_differ(normals):
    z = normals.own("lambda", "Neurology")
    others = (
        normals.own("lambda", "Pediatrics"),
        normals.own("m0", "Neurology"),
        Normals(8, MANY).own("lambda", "Neurology"),
    )
    for other in others:
        assert abs(np.corrcoef(z, other)[0, 1]) < 4 / np.sqrt(MANY)


@pytest.mark.parametrize("name", ["drift", "visa", "non-us-img level spread"])
def test_columns_have_the_shape_of_a_normal(normals, name):
    """Nearer than independent draws would be, since each starts as all normal scores once."""
    assert kstest(normals.one(name), "norm").statistic < 0.9 / np.sqrt(MANY)


def test_uniform_draws_fill_their_limits(normals):
    made = normals.uniform("takes no part", "Neurology", 2.0, 3.0)
    assert made.min() > 2 and made.max() < 3
    assert kstest(made - 2, "uniform").statistic < 0.9 / np.sqrt(MANY)
