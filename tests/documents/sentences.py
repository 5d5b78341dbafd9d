"""The sentences of pages that hold figures: templates, whose names are those of `figures`.

A page must have each of its sentences exactly once, whatever its numbers and line breaks are.
"""

README, CHANGELOG, MODEL, MODEL_FILE = "README.md", "CHANGELOG.md", "docs/model.md", "docs/model-file.md"
PREDICT, TRUST, LEVEL = "docs/how-to/predict.md", "docs/trust.md", "docs/decisions/level.md"
DEPENDENCIES = "docs/reference/dependencies.md"

SENTENCES: dict[str, tuple[str, ...]] = {
    README: (),
    PREDICT: (),
    DEPENDENCIES: (),
    TRUST: (
        "a calibration slope of {held_slope} (SE {held_slope_se}) and a mean error of {held_error} points, "
        "where sampling alone gives {held_floor}",
        "In {data_sets} simulated data sets with known truth the slope of the true log odds on the predicted "
        "ones is {simulated_slope} (SE {simulated_slope_se}), the mean error {simulated_error} points, and "
        "the 80% ranges hold the truth {simulated_coverage}% of the time",
        "where the data break what the model takes for granted: {broken_slope} and {broken_coverage}%",
        "lay in its 80% range {years_inside} of {years} times for non-US IMGs and {us_years_inside} of "
        "{us_years} times for US IMGs",
        "a specialty's slope on Step 2 CK lay in its 80% range {slopes_inside} of {slopes} times, its match "
        "rate {rates_inside} of {rates} times",
        "internal medicine, {seen_none_im}% had no invitation; the chain says {none_im}%. General surgery: "
        "{seen_none_gs}% and {none_gs}%",
        "is {auc} to be expected with everything known, {auc_score} with Step 2 CK alone",
        "{bars_held} of the {bars} limits that were set beforehand hold",
    ),
    CHANGELOG: (
        "Now {fm_strong_3}% and {fm_weak_3}%",
        "They are {share_im}, {share_fm} and {share_gs} now",
        "{small_matched}% matched, version 1 expected 28.8%, version 2 expects {small_expected}%",
        "The rates say that it rose by {ratio_moved} on the log odds",
        "the average in internal medicine is {us_im}% instead of 56.2%, in family medicine {us_fm}% instead "
        "of 64.8%",
        "{us_withheld} of {specialties} specialties of US IMGs and {withheld} of non-US IMGs are withheld, "
        "{us_grey} and {grey} are grey",
        "miss a left-out specialty's level by {level_error} on the log odds with the line, by "
        "{level_error_mean} without",
    ),
    MODEL: (
        "every one of {draws} joint draws",
        "The mean is {slope} per ten points (SE {slope_se}), the spread between specialties {slope_spread}",
        "The line's slope is {line} (SE {line_se}), the spread about it {level_spread}",
        "{withheld} of {specialties} specialties are withheld for non-US IMGs and {us_withheld} for US IMGs, "
        "{grey} and {us_grey} are grey",
        "by the yearly rates ({ratio_moved} on the log odds since 2025)",
        "So the shares come out as observed ({share_im}, {share_fm}, {share_gs})",
        "It is {drift} per root year for non-US IMGs, {us_drift} for US IMGs",
        "give is {v_im} in internal medicine and {v_gs} in general surgery; the trackers' own are "
        "{seen_v_im} and {seen_v_gs}",
        "{replaced} of {solved} draws were replaced so",
    ),
    LEVEL: (
        "miss a left-out specialty's level by {level_error} on the log odds with the line, and by "
        "{level_error_mean} with their mean alone",
    ),
    MODEL_FILE: (),
}
