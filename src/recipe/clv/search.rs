//! The search for the parameters that make the data most likely: Nelder and Mead's simplex over their logarithms.

use argmin::core::{CostFunction, Error, Executor, State};
use argmin::solver::neldermead::NelderMead;

use super::ClvError;
use crate::task::Task;

/// Steps of one simplex; it settles long before.
const STEPS: u64 = 2_000;
/// A simplex whose corners differ by less has settled.
const SETTLED: f64 = 1e-13;
/// How often a settled simplex is opened again, in case it fell flat.
const AGAIN: usize = 6;

struct Problem<'a, F> {
    cost: &'a F,
    task: &'a Task,
}

impl<F: Fn(&[f64]) -> f64> CostFunction for Problem<'_, F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, logs: &Vec<f64>) -> Result<f64, Error> {
        // argmin takes no error from its first costs: a cancelled search runs dry instead.
        if self.task.is_cancelled() {
            return Ok(f64::INFINITY);
        }
        let cost = (self.cost)(&logs.iter().map(|log| log.exp()).collect::<Vec<_>>());
        Ok(if cost.is_nan() { f64::INFINITY } else { cost })
    }
}

/// The positive parameters with the least cost, searched from several starts.
///
/// # Errors
/// The search led nowhere, or the task was cancelled.
pub fn least(cost: &(impl Fn(&[f64]) -> f64 + Sync), starts: &[&[f64]], task: &Task) -> Result<Vec<f64>, ClvError> {
    let mut best: Option<(f64, Vec<f64>)> = None;
    for start in starts {
        let logs: Vec<f64> = start.iter().map(|value| value.ln()).collect();
        let found = settled(cost, logs, task)?;
        if found.0.is_finite() && best.as_ref().is_none_or(|(least, _)| found.0 < *least) {
            best = Some(found);
        }
    }
    let (_, logs) = best.ok_or(ClvError::NoAnswer)?;
    Ok(logs.into_iter().map(f64::exp).collect())
}

/// Opens the simplex again where it settled until that gains nothing.
fn settled(cost: &impl Fn(&[f64]) -> f64, start: Vec<f64>, task: &Task) -> Result<(f64, Vec<f64>), ClvError> {
    let mut found = simplex(cost, start, 0.5, task)?;
    for _ in 0..AGAIN {
        let next = simplex(cost, found.1.clone(), 0.1, task)?;
        let gain = found.0 - next.0;
        found = if next.0 < found.0 { next } else { found };
        if gain.is_nan() || gain <= SETTLED * found.0.abs() {
            break;
        }
    }
    Ok(found)
}

fn simplex(
    cost: &impl Fn(&[f64]) -> f64,
    start: Vec<f64>,
    size: f64,
    task: &Task,
) -> Result<(f64, Vec<f64>), ClvError> {
    let corner = |place: usize| {
        let mut corner = start.clone();
        corner[place] += size;
        corner
    };
    let corners = std::iter::once(start.clone()).chain((0..start.len()).map(corner)).collect();
    let solver = NelderMead::new(corners).with_sd_tolerance(SETTLED).map_err(|_| ClvError::NoAnswer)?;
    let search = Executor::new(Problem { cost, task }, solver).configure(|state| state.max_iters(STEPS)).timer(false);
    let result = search.run();
    task.check()?;
    let result = result.map_err(|_| ClvError::NoAnswer)?;
    let best = result.state().get_best_param().cloned().ok_or(ClvError::NoAnswer)?;
    Ok((result.state().get_best_cost(), best))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_narrow_valley_is_followed_to_its_end() {
        let valley = |x: &[f64]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let found = least(&valley, &[&[3.0, 0.2], &[0.1, 5.0]], &Task::default()).unwrap();
        assert!(found.iter().all(|value| (value - 1.0).abs() < 1e-5), "{found:?}");
    }

    #[test]
    fn a_cancelled_search_ends() {
        let task = Task::default();
        task.cancel();
        assert!(matches!(least(&|x: &[f64]| x[0], &[&[1.0]], &task), Err(ClvError::Cancelled(_))));
    }
}
