//! Streams of transactions: what each customer did is kept up to date, the customer is placed again, and a change of
//! segment is told, on a line and by a signed call.
//!
//! **Time** is the stream's own: the latest moment of any line so far, or that of a line `{"tick": MOMENT}`; never the
//! clock of the machine. Recency counts to a day after it, as in a roll-up whose last line is of that moment. A customer
//! is placed with each of his lines; everybody is placed where the stream's time begins a new day, and at a tick.
//!
//! **Once.** The producer gives the same stream from its beginning (what was taken is passed over, and has to be the
//! same, byte for byte), or numbers its lines (a whole number that rises), from anywhere not behind the last one taken.
//!
//! **Kept** of a customer is of one size: sums, first and last moment, the last orders by their hashes.

mod dead;
mod event;
mod flow;
mod forget;
mod place;
mod record;
mod run;
mod state;
mod store;
mod target;
mod webhook;

pub use dead::Letter;
pub use event::Names;
pub use forget::{Forgotten, forget, forget_in, remember};
pub use place::{Change, Reason};
pub use run::{Came, Stream, resend, run};
pub use state::{Counts, EVENTS, ORDERS};
pub use store::{DEAD, Store};
pub use target::append_to;
pub use webhook::{QUEUE, Webhook};

#[cfg(test)]
mod tests;
