//! The server trains by itself: by the calendar, for drift, after so many rows. What is due is kept in the store: a
//! restart neither forgets a training nor does one twice.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::App;
use super::desk::Desk;
use super::training::{Order, Rows, submit};
use crate::engine::retrain::{Asked, Retrain};
use crate::error::Result;
use crate::model::store::{History, What};

/// How often it is looked at.
const TICK: Duration = Duration::from_secs(1);
/// Ticks between two times that the count of rows is written down.
const SAVE: u32 = 10;
const NOTE: &str = "schedule.json";
/// Who trains, in history and jobs.
const WHY: [&str; 3] = ["schedule", "drift", "rows"];

/// What is due, and what has been begun.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The span for which `next` was set, in seconds.
    every: u64,
    /// When the calendar trains next, in seconds since 1970.
    next: Option<u64>,
    /// Rows since the last training.
    rows: u64,
    /// When the last training for drift began.
    drifted: u64,
    /// A training that has begun: why, and the last event of the history then.
    begun: Option<(String, u64)>,
}

impl Schedule {
    /// What is due now; it is set down as begun, and when the calendar trains next.
    pub fn due(&mut self, spec: &Retrain, now: u64, drift: bool, seq: u64) -> Option<&'static str> {
        let by_calendar = self.is_time(spec, now);
        let by_drift = spec.drift && drift && now >= self.drifted.saturating_add(spec.pause.as_secs());
        let by_rows = spec.rows.is_some_and(|rows| self.rows >= rows);
        let why = WHY.into_iter().zip([by_calendar, by_drift, by_rows]).find(|(_, due)| *due).map(|(why, _)| why)?;
        if by_drift {
            self.drifted = now;
        }
        self.rows = 0;
        self.begun = Some((why.to_owned(), seq));
        Some(why)
    }

    /// Whether the calendar's time has come; the next one is then the first that is still to come, on the same beat.
    fn is_time(&mut self, spec: &Retrain, now: u64) -> bool {
        let every = spec.every.map_or(0, |every| every.as_secs());
        if every == 0 || self.every != every {
            (self.every, self.next) = (every, (every > 0).then(|| now + every));
            return false;
        }
        let next = self.next.unwrap_or(now + every);
        if now < next {
            self.next = Some(next);
            return false;
        }
        self.next = Some(next + every * ((now - next) / every + 1));
        true
    }

    /// What had begun when the server ended and has not come to an end since.
    fn unfinished(&self, history: &History) -> Option<&'static str> {
        let (why, seq) = self.begun.as_ref()?;
        let ends = [What::Trained, What::Failed, What::Cancelled];
        let ended =
            |event: &crate::model::store::Event| event.seq > *seq && event.by == *why && ends.contains(&event.event);
        let why = WHY.into_iter().find(|known| known == why)?;
        (!history.events.iter().any(ended)).then_some(why)
    }
}

impl Desk {
    fn schedule(&self) -> Result<Schedule> {
        let note = self.store().note(NOTE)?;
        Ok(note.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default())
    }

    fn keep_schedule(&self, schedule: &Schedule) -> Result<()> {
        let bytes = serde_json::to_vec(schedule).unwrap_or_default();
        Ok(self.store().keep_note(NOTE, &bytes)?)
    }
}

/// Looks at what is due, as long as the server is there.
pub async fn keep(app: Arc<App>) {
    let Some(mut keeper) = Keeper::of(&app) else { return };
    let mut clock = tokio::time::interval(TICK);
    loop {
        clock.tick().await;
        let of = Arc::clone(&app);
        let looked = tokio::task::spawn_blocking(move || {
            if let Err(error) = keeper.tick(&of, now()) {
                tracing::error!(%error, "what is due could not be looked at");
            }
            keeper
        });
        match looked.await {
            Ok(back) => keeper = back,
            Err(_) => return,
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What is due of one server.
pub struct Keeper {
    schedule: Schedule,
    saved: Schedule,
    ticks: u32,
}

impl Keeper {
    /// As the store has it; what had begun when the server ended begins again. `None` where nothing is configured.
    pub fn of(app: &Arc<App>) -> Option<Self> {
        let desk = app.desk.as_ref()?;
        let spec = desk.config.retrain.as_ref()?;
        let schedule = desk.schedule().unwrap_or_else(|error| {
            tracing::error!(%error, "what is due cannot be read; it begins anew");
            Schedule::default()
        });
        let unfinished = schedule.unfinished(desk.store().shelf().history());
        if let Some(why) = unfinished {
            train(app, spec, why);
        }
        Some(Self { saved: schedule.clone(), schedule, ticks: 0 })
    }

    /// Looks once; what is due is written down before it begins.
    ///
    /// # Errors
    /// It cannot be written down: then it does not begin.
    pub fn tick(&mut self, app: &Arc<App>, now: u64) -> Result<()> {
        let Some((desk, spec)) = app.desk.as_ref().and_then(|desk| Some((desk, desk.config.retrain.as_ref()?))) else {
            return Ok(());
        };
        self.schedule.rows += desk.seen.swap(0, Ordering::Relaxed);
        if desk.queue.is_busy() || app.ending.load(Ordering::Relaxed) {
            return Ok(());
        }
        let last = desk.store().shelf().history().last();
        let why = self.schedule.due(spec, now, spec.drift && app.has_drifted(), last);
        self.ticks += 1;
        let only_rows = Schedule { rows: self.saved.rows, ..self.schedule.clone() } == self.saved;
        if self.schedule != self.saved && (!only_rows || self.ticks >= SAVE) {
            desk.keep_schedule(&self.schedule)?;
            self.saved = self.schedule.clone();
            self.ticks = 0;
        }
        if let Some(why) = why {
            train(app, spec, why);
        }
        Ok(())
    }
}

fn train(app: &Arc<App>, spec: &Retrain, why: &str) {
    let source = app.desk.as_ref().and_then(|desk| desk.config.source(&spec.source).ok());
    let Some(source) = source else { return };
    let rows = Rows::Named(spec.source.clone(), Box::new(source.clone()));
    let order = Order { rows, asked: Asked::default(), promote: spec.promote, by: why.to_owned() };
    match submit(app, order) {
        Some(id) => tracing::info!(id, why, "a training has begun by itself"),
        None => tracing::error!(why, "a training is due, and too many wait"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn spec(every: Option<u64>, rows: Option<u64>) -> Retrain {
        Retrain {
            source: "crm".into(),
            every: every.map(Duration::from_secs),
            drift: true,
            rows,
            pause: Duration::from_secs(100),
            promote: true,
        }
    }

    #[test]
    fn the_calendar_keeps_its_beat_however_late_it_is_looked_at() {
        let (spec, mut schedule) = (spec(Some(100), None), Schedule::default());
        let due: Vec<u64> = [1000, 1099, 1100, 1101, 1199, 1207, 1299, 1300, 1777, 1778, 1799, 1800]
            .into_iter()
            .filter(|&now| schedule.due(&spec, now, false, 0).is_some())
            .collect();
        assert_eq!(due, [1100, 1207, 1300, 1777, 1800]);
    }

    #[test]
    fn another_span_begins_anew() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.due(&spec(Some(100), None), 1000, false, 0), None);
        assert_eq!(schedule.due(&spec(Some(10), None), 1005, false, 0), None);
        assert_eq!(schedule.due(&spec(Some(10), None), 1015, false, 0), Some("schedule"));
        assert_eq!(schedule.due(&spec(None, None), 9999, false, 0), None);
    }

    #[test]
    fn drift_waits_and_rows_are_counted_from_the_last_training() {
        let (spec, mut schedule) = (spec(None, Some(50)), Schedule::default());
        assert_eq!(schedule.due(&spec, 1000, true, 0), Some("drift"));
        assert_eq!(schedule.due(&spec, 1099, true, 0), None);
        assert_eq!(schedule.due(&spec, 1100, true, 0), Some("drift"));
        schedule.rows = 49;
        assert_eq!(schedule.due(&spec, 1101, false, 0), None);
        schedule.rows += 1;
        assert_eq!(schedule.due(&spec, 1102, false, 0), Some("rows"));
        assert_eq!(schedule.due(&spec, 1103, false, 0), None);
    }

    #[test]
    fn a_restart_neither_forgets_nor_doubles() {
        let (spec, mut schedule) = (spec(Some(100), None), Schedule::default());
        schedule.due(&spec, 1000, false, 3);
        assert_eq!(schedule.unfinished(&History::default()), None);
        schedule.due(&spec, 1100, false, 3);
        let kept: Schedule = serde_json::from_slice(&serde_json::to_vec(&schedule).unwrap()).unwrap();
        assert_eq!(kept, schedule);
        assert_eq!(kept.unfinished(&History::default()), Some("schedule"), "it had begun and has not ended");
        let event = |seq, by: &str| {
            let line = format!(r#"{{"seq":{seq},"at":"","event":"trained","by":"{by}"}}"#);
            serde_json::from_str(&line).unwrap()
        };
        let with = |event| History { events: vec![event], torn: Vec::new() };
        assert_eq!(kept.unfinished(&with(event(4, "schedule"))), None, "it has ended");
        assert_eq!(kept.unfinished(&with(event(3, "schedule"))), Some("schedule"), "that was the one before");
        assert_eq!(kept.unfinished(&with(event(4, "crm"))), Some("schedule"), "that was somebody else's");
    }
}
