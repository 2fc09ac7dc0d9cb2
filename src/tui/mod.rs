//! The workbench: a ratatui app over the engine. State changes in one pure `update`, `view` only draws,
//! effects are run by the loop.

pub mod action;
pub mod app;
pub mod backend;
pub mod command;
pub mod commands;
pub mod detect;
mod endings;
pub mod engine;
mod follow;
mod frame;
pub mod history;
mod ink;
pub mod inline;
mod inspect;
mod keys;
mod line;
pub mod log;
pub mod look;
mod overlay;
mod palette;
pub mod panes;
mod paths;
mod pen;
mod plain;
mod prompt;
pub mod replay;
mod screen;
mod signals;
mod spoken;
pub mod start;
pub mod state;
mod terminal;
pub mod themes;
mod tour;
pub mod update;
mod why;
pub mod widgets;
mod words;
pub mod work;
pub mod world;

#[cfg(test)]
mod command_tests;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod finding_tests;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod help_tests;
#[cfg(test)]
mod leaving_tests;
#[cfg(test)]
mod looks_tests;
#[cfg(test)]
mod random_tests;
#[cfg(test)]
mod rows_tests;
#[cfg(test)]
mod tests;
