//! The workbench: a ratatui app over the engine. State changes in one pure `update`, `view` only draws,
//! effects are run by the loop.

pub mod action;
pub mod command;
pub mod look;
pub mod panes;
pub mod widgets;
pub mod world;
