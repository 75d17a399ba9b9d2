"""Many tests at once: which of them are still findings."""

import numpy as np
import numpy.typing as npt


def false_discoveries(chances: npt.NDArray[np.float64], rate: float) -> npt.NDArray[np.bool_]:
    """Return which of n tests are findings, so that at most `rate` of the findings are expected to be false.

    chances (n,) are the tests' p-values. The step-up procedure of Benjamini and Hochberg (1995).
    """
    order = np.argsort(chances, kind="stable")
    passed = np.flatnonzero(chances[order] <= rate * np.arange(1, len(chances) + 1) / max(len(chances), 1))
    findings = np.zeros(len(chances), dtype=bool)
    if len(passed):
        findings[order[: passed[-1] + 1]] = True
    return findings
