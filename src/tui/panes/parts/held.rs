//! What is described beside or below a list while the cursor moves. It follows once the cursor rests and the other is
//! known: a line that is passed by costs a few bytes, and nothing flickers.

/// What is held, where it is not what is under the cursor.
#[derive(Debug, Clone, Copy)]
pub struct Held<T> {
    what: Option<T>,
    rests: bool,
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self { what: None, rests: false }
    }
}

impl<T: PartialEq> Held<T> {
    /// The cursor goes from one to another.
    pub fn go(&mut self, from: T, to: &T) {
        if from != *to {
            self.what.get_or_insert(from);
            self.rests = false;
        }
    }

    /// The cursor rests.
    pub fn rest(&mut self) {
        self.rests = true;
    }

    /// Lets go where the cursor rests on what is known (`ready`), or what is held is gone.
    pub fn settle(&mut self, ready: bool, is_there: impl Fn(&T) -> bool) {
        if (self.rests && ready) || self.what.as_ref().is_some_and(|what| !is_there(what)) {
            self.what = None;
        }
    }

    /// Whether the cursor has not come to rest.
    pub fn moves(&self) -> bool {
        self.what.is_some() && !self.rests
    }

    /// Whether the cursor rests on what is still to be known.
    pub fn waits(&self) -> bool {
        self.what.is_some() && self.rests
    }

    /// What is held.
    pub fn get(&self) -> Option<&T> {
        self.what.as_ref()
    }
}
