//! Whether later rows are still like those that a model was made with.
//!
//! Both are samples, so each comparison is a test of two samples: of numbers the distance of their distribution functions
//! (Kolmogorov and Smirnov) and their ranks (Mann and Whitney), of categories and of the segments' shares Pearson's χ²,
//! of two shares the hypergeometric law. All tests of a report are corrected for each other (Holm). PSI tells the size,
//! not whether it is real: without any drift it is (cells − 1)(1/n + 1/m) on average, which is taken off for its words.

mod chance;
mod judge;
mod scale;
mod values;
mod window;
mod words;
mod yardstick;

pub use judge::{LEAST_ROWS, LIMIT, drift};
pub use values::{By, Change, Drift, Level, Moved, Size, Test, What};
pub use window::{Verdict, Window, drifted};
pub use yardstick::{Tally, Yardstick};

#[cfg(test)]
mod power_tests;
#[cfg(test)]
mod tests;
