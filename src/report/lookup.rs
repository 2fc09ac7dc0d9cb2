//! The look-up file: what each segment number stands for.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::segments::{Segment, Segments};

/// The look-up file beside `rows`: `out.csv` has `out.segments.csv`.
pub fn lookup_path(rows: &Path) -> PathBuf {
    let stem = rows.file_stem().unwrap_or_default().to_string_lossy();
    rows.with_file_name(format!("{stem}.segments.csv"))
}

/// Writes one line a segment: number, key, name, size, share, rule, run and the source's fingerprint.
pub(super) fn write(segments: &Segments, fingerprint: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["segment", "key", "name", "size", "share", "rule", "run", "fingerprint"])?;
    for segment in &segments.list {
        let (number, size, share) = (segment.number.to_string(), segment.size.to_string(), segment.share.to_string());
        let (run, fingerprint) = (segments.run.as_str(), fingerprint.unwrap_or_default());
        writer.write_record([&number, &segment.key, &segment.name, &size, &share, rule(segment), run, fingerprint])?;
    }
    writer.flush()
}

fn rule(segment: &Segment) -> &str {
    segment.rule.as_ref().map_or("", |rule| &rule.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lookup_stands_beside_the_rows() {
        assert_eq!(lookup_path(Path::new("a/out.csv")), Path::new("a/out.segments.csv"));
        assert_eq!(lookup_path(Path::new("out.b.parquet")), Path::new("out.b.segments.csv"));
    }
}
