//! Jobs, and the steps of the street as the front ends call them.

pub mod values;
