//! Signals as events.

use crossbeam_channel::{Receiver, unbounded};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// End (SIGTERM, SIGHUP, SIGINT, SIGQUIT); the status is 128 and the signal's number.
    End,
    /// Stop (SIGTSTP).
    Stop,
    /// Go on (SIGCONT).
    GoOn,
}

/// The signals of this process from now on, heard by a thread of their own.
///
/// # Errors
/// The system's own.
#[cfg(unix)]
pub fn listen() -> std::io::Result<Receiver<Signal>> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    let (sender, receiver) = unbounded();
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                SIGTSTP => Signal::Stop,
                SIGCONT => Signal::GoOn,
                _ => Signal::End,
            };
            if sender.send(signal).is_err() {
                break;
            }
        }
    })?;
    Ok(receiver)
}

/// Elsewhere there are none.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn listen() -> std::io::Result<Receiver<Signal>> {
    let (sender, receiver) = unbounded();
    std::mem::forget(sender);
    Ok(receiver)
}
