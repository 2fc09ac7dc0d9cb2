//! What is described below the table while the cursor moves. It follows once the cursor rests and the other run is
//! known: a line that is passed by costs a few bytes, and nothing flickers.

/// The run that is held below the table, where it is not the one under the cursor.
#[derive(Debug, Default)]
pub struct Held {
    run: Option<String>,
    rests: bool,
}

impl Held {
    /// The cursor leaves this run.
    pub fn leave(&mut self, run: &str) {
        self.run.get_or_insert_with(|| run.to_owned());
        self.rests = false;
    }

    /// The cursor rests.
    pub fn rest(&mut self) {
        self.rests = true;
    }

    /// Lets go where the cursor rests on what is known (`ready`), or the held run is gone.
    pub fn settle(&mut self, ready: bool, known: impl Fn(&str) -> bool) {
        if (self.rests && ready) || self.run.as_deref().is_some_and(|run| !known(run)) {
            self.run = None;
        }
    }

    /// Whether the cursor has not come to rest.
    pub fn moves(&self) -> bool {
        self.run.is_some() && !self.rests
    }

    /// Whether the cursor rests on a run that is still to be described.
    pub fn waits(&self) -> bool {
        self.run.is_some() && self.rests
    }

    /// The run, where one is held.
    pub fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }
}
