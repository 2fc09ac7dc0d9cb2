//! What is counted, for Prometheus.

use std::time::Duration;

use axum::http::StatusCode;
use metrics::{Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::model::drift::Drift;

const REQUESTS: &str = "segmenta_requests_total";
const DRIFT_ROWS: &str = "segmenta_drift_rows";
const DRIFT_ALARM: &str = "segmenta_drift_alarm";
const DRIFT_PSI: &str = "segmenta_drift_psi";
const DRIFT_P: &str = "segmenta_drift_p";
const SECONDS: &str = "segmenta_request_seconds";
const ROWS: &str = "segmenta_rows_total";
/// Upper bounds of the counted durations, in seconds.
const BUCKETS: [f64; 10] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];
const ABOUT: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// A server's own counters: two servers in one process do not add up.
pub struct Meters {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
}

impl Meters {
    /// All at 0.
    pub fn new() -> Self {
        // Only an empty list of bounds is refused.
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        recorder.describe_counter(REQUESTS.into(), None, "Requests by path and status.".into());
        recorder.describe_counter(ROWS.into(), None, "Rows placed by segment.".into());
        let gauges = [
            (DRIFT_ROWS, "Rows of the window that drift is looked for in."),
            (DRIFT_ALARM, "1 where something in it moved beyond chance."),
            (DRIFT_PSI, "Population stability index, less what chance gives, by what is compared."),
            (DRIFT_P, "How often chance alone gives as much, corrected for all that is compared."),
        ];
        gauges.into_iter().for_each(|(name, help)| recorder.describe_gauge(name.into(), None, help.into()));
        recorder.describe_histogram(SECONDS.into(), Some(metrics::Unit::Seconds), "Seconds to the answer.".into());
        Self { recorder, handle }
    }

    /// Counts a request.
    pub fn count(&self, path: &str, status: StatusCode, took: Duration) {
        let path = Label::new("path", path.to_owned());
        let labels = vec![path.clone(), Label::new("status", status.as_u16().to_string())];
        self.recorder.register_counter(&Key::from_parts(REQUESTS, labels), &ABOUT).increment(1);
        let seconds = self.recorder.register_histogram(&Key::from_parts(SECONDS, vec![path]), &ABOUT);
        seconds.record(took.as_secs_f64());
    }

    /// Counts rows that were placed in a segment.
    pub fn placed(&self, segment: &str, rows: u64) {
        let labels = vec![Label::new("segment", segment.to_owned())];
        self.recorder.register_counter(&Key::from_parts(ROWS, labels), &ABOUT).increment(rows);
    }

    /// Sets what a report on drift says.
    pub fn drift(&self, drift: &Drift) {
        self.gauge(DRIFT_ROWS, None, drift.rows as f64);
        self.gauge(DRIFT_ALARM, None, f64::from(u8::from(drift.drifted)));
        for moved in &drift.moved {
            if let Some((psi, chance)) = moved.psi.zip(moved.psi_by_chance) {
                self.gauge(DRIFT_PSI, Some(&moved.name), (psi - chance).max(0.0));
            }
            moved.p().iter().for_each(|&p| self.gauge(DRIFT_P, Some(&moved.name), p));
        }
    }

    fn gauge(&self, name: &'static str, of: Option<&str>, value: f64) {
        let labels = of.map(|of| Label::new("of", of.to_owned())).into_iter().collect::<Vec<_>>();
        self.recorder.register_gauge(&Key::from_parts(name, labels), &ABOUT).set(value);
    }

    /// Puts the durations together that were counted since; without it they would pile up.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }

    /// As Prometheus reads it.
    pub fn text(&self) -> String {
        self.upkeep();
        self.handle.render()
    }
}
