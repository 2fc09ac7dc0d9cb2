//! GET /drift: whether the last rows that were placed are like those that the model was made with.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::answers::Named;
use super::problem::Problem;
use crate::matrix::Column;
use crate::model::drift::{Change, Moved, Tally, Verdict, Window, Yardstick, drifted};
use crate::model::{Model, Placed};

/// Rows of the window.
const ROWS: usize = 10_000;
/// More rows than these are counted aside first, so that nobody waits for them.
const FEW: usize = 64;

/// The last rows that the model placed which serves. Another model begins a window of its own.
#[derive(Debug, Default)]
pub struct Watching {
    window: Mutex<Option<(Arc<Model>, Window)>>,
}

impl Watching {
    /// Has `work` done with the window of this model.
    fn with<T>(&self, model: &Arc<Model>, work: impl FnOnce(&mut Window) -> T) -> T {
        let mut held: MutexGuard<'_, _> = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        match held.as_mut() {
            Some((of, window)) if Arc::ptr_eq(of, model) => work(window),
            _ => work(&mut held.insert((Arc::clone(model), Window::new(model, ROWS))).1),
        }
    }

    /// Counts rows that the model placed.
    pub fn count(&self, model: &Arc<Model>, columns: &[&Column], placed: &[Placed<'_>]) {
        if placed.len() > FEW {
            let aside = self.aside(model);
            aside.count(columns, placed);
            return aside.keep();
        }
        // The columns are the model's own: nothing can be missing that it placed rows by.
        let _counted = self.with(model, |window| window.count(model, columns, placed));
    }

    /// Counts rows which may still be refused.
    pub fn aside<'a>(&'a self, model: &'a Arc<Model>) -> Aside<'a> {
        let yardstick = self.with(model, |window| Arc::clone(window.yardstick()));
        Aside { watching: self, model, tally: RefCell::new(yardstick.empty()), yardstick }
    }

    /// The window as it is now.
    pub fn window(&self, model: &Arc<Model>) -> Window {
        self.with(model, |window| window.clone())
    }
}

/// Rows of one request, counted aside.
pub struct Aside<'a> {
    watching: &'a Watching,
    model: &'a Arc<Model>,
    yardstick: Arc<Yardstick>,
    tally: RefCell<Tally>,
}

impl Aside<'_> {
    /// Counts rows that the model placed.
    pub fn count(&self, columns: &[&Column], placed: &[Placed<'_>]) {
        let _counted = self.yardstick.count(self.model, columns, placed, &mut self.tally.borrow_mut());
    }

    /// Takes them into the window.
    pub fn keep(&self) {
        self.watching.with(self.model, |window| window.add(&self.tally.borrow()));
    }
}

/// Whether the last rows are like those that the model was made with.
#[derive(Debug, Serialize, ToSchema)]
pub struct Drifting {
    /// Which model.
    pub model: Named,
    /// `too-few` rows, the `same`, or `drifted`.
    #[schema(example = "same")]
    pub verdict: &'static str,
    /// Rows of the window: the last that were placed, about 10,000.
    #[schema(example = 10000)]
    pub rows: usize,
    /// Those of them that could not be placed.
    #[schema(example = 12)]
    pub unplaced: usize,
    /// How often chance alone gives `drifted`, at most.
    #[schema(example = 0.02)]
    pub limit: f64,
    /// In words.
    #[schema(example = "Nothing moved beyond chance: 10,000 rows held against the 600 of the model.")]
    pub sentence: String,
    /// What to do, where something moved.
    pub advice: Option<&'static str>,
    /// Each feature, the segments' shares, the distances to their centres.
    pub compared: Vec<Compared>,
}

/// One thing that was compared.
#[derive(Debug, Serialize, ToSchema)]
pub struct Compared {
    /// `feature`, `segments` or `distances`.
    #[schema(example = "feature")]
    pub what: &'static str,
    /// The feature's name.
    #[schema(example = "annual_income")]
    pub name: String,
    /// Whether it moved beyond chance.
    pub drifted: bool,
    /// The population stability index.
    #[schema(example = 0.031)]
    pub psi: Option<f64>,
    /// What that is on average where nothing moved.
    #[schema(example = 0.016)]
    pub psi_by_chance: Option<f64>,
    /// `slight`, `small`, `moderate`, `large`.
    #[schema(example = "slight")]
    pub size: &'static str,
    /// Of numbers the largest distance between the distribution functions.
    #[schema(example = 0.021)]
    pub ks: Option<f64>,
    /// How often chance alone gives as much, corrected for all that is compared.
    #[schema(example = 0.41)]
    pub p: Option<f64>,
    /// The share without a value, then.
    #[schema(example = 0.02)]
    pub missing_before: Option<f64>,
    /// The share without a value, now.
    #[schema(example = 0.018)]
    pub missing_now: Option<f64>,
    /// Its share of what tells the segments apart.
    #[schema(example = 0.53)]
    pub importance: Option<f64>,
    /// In words.
    #[schema(example = "as then")]
    pub words: String,
}

impl Compared {
    fn of(moved: &Moved) -> Self {
        let ks = match moved.change {
            Change::Numbers { ks, .. } => Some(ks),
            _ => None,
        };
        Self {
            what: moved.what.word(),
            name: moved.name.clone(),
            drifted: moved.drifted,
            psi: moved.psi,
            psi_by_chance: moved.psi_by_chance,
            size: moved.size.word(),
            ks,
            p: moved.p(),
            missing_before: moved.missing.map(|[before, _]| before),
            missing_now: moved.missing.map(|[_, now]| now),
            importance: moved.importance,
            words: moved.in_words(),
        }
    }
}

/// Whether the last rows that were placed are like those that the model was made with.
#[utoipa::path(
    get, path = "/drift", tag = "model",
    responses(
        (status = 200, description = "What moved, if anything.", body = Drifting),
        (status = 401, description = "No token.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("token" = []))
)]
pub async fn drift(axum::extract::State(app): State) -> Json<Drifting> {
    let model = app.model();
    let window = app.drift.window(&model.model);
    let verdict = match drifted(&window) {
        Verdict::TooFew => "too-few",
        Verdict::Same => "same",
        Verdict::Drifted(_) => "drifted",
    };
    let drift = window.drift();
    Json(Drifting {
        model: Named::of(&model),
        verdict,
        rows: drift.rows,
        unplaced: drift.unplaced,
        limit: drift.limit,
        sentence: drift.sentence(),
        advice: drift.advice(),
        compared: drift.moved.iter().map(Compared::of).collect(),
    })
}
