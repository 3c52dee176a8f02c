"""Probabilities judged and corrected: by hand where a hand can, beside scikit-learn where it cannot."""

import numpy as np
import pytest

from models import calibration

DICE = np.random.default_rng(3)
TRUE = DICE.beta(1, 4, 4000)
CAME = (DICE.random(4000) < TRUE).astype(float)
BOASTING = TRUE**2 / (TRUE**2 + (1 - TRUE) ** 2)  # twice the log odds: always surer than it should be


def test_figures_agree_with_scikit_learn():
    from sklearn import metrics

    said = np.round(BOASTING, 2)  # with ties
    assert calibration.auc(said, CAME) == pytest.approx(metrics.roc_auc_score(CAME, said))
    assert calibration.average_precision(said, CAME) == pytest.approx(metrics.average_precision_score(CAME, said))
    assert calibration.brier(said, CAME) == pytest.approx(metrics.brier_score_loss(CAME, said))
    inside = np.clip(said, 0.01, 0.99)
    assert calibration.log_loss(inside, CAME) == pytest.approx(metrics.log_loss(CAME, inside))


def test_with_one_kind_of_outcome_there_is_nothing_to_rank():
    assert calibration.auc(np.array([0.1, 0.9]), np.array([1, 1])) is None
    assert calibration.average_precision(np.array([0.1, 0.9]), np.array([0, 0])) is None


def test_the_error_of_a_known_lie_is_its_size():
    came = np.tile([1.0, 0, 0, 0, 0], 200)
    assert calibration.expected_calibration_error(np.full(1000, 0.5), came) == pytest.approx(0.3)
    assert calibration.expected_calibration_error(np.full(1000, 0.2), came) == pytest.approx(0.0)


def test_bins_hold_equally_many_and_lose_nobody():
    table = calibration.reliability(TRUE, CAME, bins=10)
    assert table["row_count"].to_list() == [400] * 10
    assert (table["came_share"] * table["row_count"]).sum() == pytest.approx(CAME.sum())
    assert table["said_share"].is_sorted()


def test_the_order_of_rows_does_not_matter():
    order = DICE.permutation(TRUE.size)
    said = np.round(TRUE, 2)
    assert calibration.reliability(said, CAME).equals(calibration.reliability(said[order], CAME[order]))


@pytest.mark.parametrize("correction", [calibration.isotonic, calibration.beta])
def test_a_correction_learned_on_one_half_puts_the_other_right(correction):
    early, late = slice(None, 2000), slice(2000, None)
    before = calibration.expected_calibration_error(BOASTING[late], CAME[late])
    after = calibration.expected_calibration_error(correction(BOASTING[early], CAME[early])(BOASTING[late]), CAME[late])
    assert before > 0.08
    assert after < before / 2


@pytest.mark.parametrize("correction", [calibration.isotonic, calibration.beta])
def test_a_correction_never_turns_the_order_round_and_stays_a_probability(correction):
    asked = np.linspace(0, 1, 101)
    said = correction(BOASTING, CAME)(asked)
    assert (np.diff(said) >= 0).all()
    assert said.min() > 0
    assert said.max() < 1


def test_no_correction_is_needed_where_what_is_said_is_so():
    assert np.abs(calibration.beta(TRUE, CAME)(TRUE) - TRUE).mean() < 0.02
    assert calibration.as_said()(TRUE) == pytest.approx(np.clip(TRUE, 1e-6, 1 - 1e-6))


@pytest.mark.parametrize("came", [np.zeros(50), np.ones(50)])
def test_outcomes_of_one_kind_give_finite_numbers(came):
    said = np.linspace(0.1, 0.9, 50)
    for correction in (calibration.isotonic, calibration.beta):
        assert np.isfinite(correction(said, came)(said)).all()
