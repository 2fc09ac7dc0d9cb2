//! What is said beside the result: messages and progress, on the standard error only.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::task::Progress;

/// Says things to the user, or not.
#[derive(Debug, Clone, Copy)]
pub struct Say {
    quiet: bool,
}

impl Say {
    /// Says everything, or nothing where `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// One line. That nobody hears it is no error.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            let _unheard = writeln!(io::stderr(), "{text}");
        }
    }

    /// A bar for long work; it shows only on a terminal.
    pub fn bar(&self) -> Bar {
        let shown = !self.quiet && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        Bar { bar: ProgressBar::with_draw_target(None, target) }
    }
}

/// Shows how far long work is; goes away when dropped.
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// Shows this.
    pub fn show(&self, progress: &Progress) {
        self.bar.set_style(style(progress.total > 0));
        self.bar.set_length(progress.total);
        self.bar.set_position(progress.done.min(progress.total));
        self.bar.set_message(progress.what.clone());
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn style(measured: bool) -> ProgressStyle {
    let template = if measured { "{msg} {bar:20} {percent} %  Ctrl-C stops" } else { "{msg} …  Ctrl-C stops" };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
