//! The HTML, CSV, Parquet and JSON hand-over; all writes atomic.
