//! Distances, the pairwise pass, PCA, fixed-chunk reductions.
//!
//! All of it gives the same bits for any number of threads and for any width of the registers.

pub mod dense;
pub mod distance;
pub mod exp;
pub mod fold;
pub mod kdtree;
pub mod measure;
pub mod mst;
pub mod neighbours;
pub mod pairs;
pub mod pca;
pub mod sets;
pub mod simd;
pub mod tiles;
pub mod tsne;
