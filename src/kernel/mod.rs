//! Distances, the pairwise pass, PCA, fixed-chunk reductions.
