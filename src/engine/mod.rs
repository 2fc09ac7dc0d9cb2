//! Jobs, and the steps of the street as the front ends call them. The one place that makes threads and pools.

pub mod baskets;
pub mod checks;
pub mod contacts;
pub mod customers;
pub mod drift;
pub mod explain;
pub mod features;
pub mod feedback;
pub mod handover;
pub mod jobs;
pub mod keeping;
mod kept;
pub mod locks;
pub mod migrations;
pub mod models;
pub mod orders;
pub mod pictures;
mod playbook;
pub mod pool;
pub mod predict;
pub mod preparations;
pub mod privacy;
pub mod proof;
pub mod queue;
pub mod reports;
pub mod retrain;
pub mod rollups;
pub mod sampling;
pub mod sessions;
pub mod steps;
pub mod stores;
pub mod stream;
pub mod train;
pub mod values;
pub mod versus;

pub use jobs::{JobStatus, Jobs, Reporter};
