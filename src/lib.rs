//! segmenta: the customer-segmentation workbench for the terminal.
//!
//! The way of the data is one street: source -> table -> (findings) -> pipeline -> matrix -> study ->
//! run -> segments -> model -> export. Each room takes the plain value that the room before it made and hands on
//! a plain value; a room uses only rooms on lower lines of this list (`tests/rooms.rs` holds it to that).

pub mod cli;
pub mod server;
pub mod tui;

pub mod engine;
pub mod live;

pub mod model;
pub mod report;
pub mod segments;
pub mod study;

pub mod cluster;
pub mod explore;
pub mod metrics;

pub mod recipe;
pub mod table;

pub mod config;
pub mod kernel;
pub mod plot;

pub mod matrix;
pub mod task;

pub mod error;
