"""The figures, in reading order: the article's table of contents, in code."""

from components.change_of_basis import ChangeOfBasis
from components.colorization import Colorization
from components.critical_damping import CriticalDamping
from components.early_stopping import EarlyStopping
from components.eigenfeatures import Eigenfeatures
from components.errata import Errata
from components.error_decomposition import ErrorDecomposition
from components.graphs import Graphs
from components.hero import Hero
from components.momentum_decomposition import MomentumDecomposition
from components.phase_portraits import PhasePortraits
from components.polynomial_features import PolynomialFeatures
from components.rate_map import RateMap
from components.resisting_oracle import ResistingOracle
from components.step_size import StepSize
from components.stochastic import Stochastic

FIGURES = {
    figure.slug: figure
    for figure in (
        Hero,
        ChangeOfBasis,
        ErrorDecomposition,
        StepSize,
        PolynomialFeatures,
        Eigenfeatures,
        EarlyStopping,
        RateMap,
        PhasePortraits,
        CriticalDamping,
        MomentumDecomposition,
        Colorization,
        Graphs,
        ResistingOracle,
        Stochastic,
        Errata,
    )
}

__all__ = [
    "FIGURES",
    "ChangeOfBasis",
    "Colorization",
    "CriticalDamping",
    "EarlyStopping",
    "Eigenfeatures",
    "Errata",
    "ErrorDecomposition",
    "Graphs",
    "Hero",
    "MomentumDecomposition",
    "PhasePortraits",
    "PolynomialFeatures",
    "RateMap",
    "ResistingOracle",
    "StepSize",
    "Stochastic",
]
