//! UI-free geometry of plots.
