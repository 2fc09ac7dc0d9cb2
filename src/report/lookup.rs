//! The look-up file: what each segment number stands for.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::sql;
use crate::segments::{Segment, Segments};
use crate::table::{self, Place};

/// What stands in it.
pub(super) const HEADER: [&str; 10] =
    ["segment", "key", "name", "size", "share", "rule", "action", "date", "model", "fingerprint"];
/// One segment.
pub(super) type Line = [String; HEADER.len()];

/// What the look-up file says of all segments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maker {
    /// What placed the rows: a run, or a saved model.
    pub model: String,
    /// The newest day that the rows know of: results hold no clock.
    pub date: String,
    /// The hash of the source.
    pub fingerprint: String,
}

/// The look-up file beside `rows`: `out.csv` has `out.segments.csv`, the table `t` of a database `t_segments`.
pub fn lookup_path(rows: &Path) -> PathBuf {
    match table::place(rows) {
        Place::Sql(database) => {
            let shown = table::shown(rows).display().to_string();
            let base = shown.split('?').next().unwrap_or_default();
            return PathBuf::from(format!("{base}?table={}", sql::tables(&database).1));
        }
        Place::Web(_) | Place::Store(_) => return beside(rows),
        Place::Local(_) | Place::Stdin => {}
    }
    let stem = rows.file_stem().unwrap_or_default().to_string_lossy();
    rows.with_file_name(format!("{stem}.segments.csv"))
}

/// The look-up file beside an object: what comes after the path (a signature) belongs to the other one.
fn beside(rows: &Path) -> PathBuf {
    let url = rows.display().to_string();
    let (path, options) = url.split_once('?').map_or((url.as_str(), None), |(path, options)| (path, Some(options)));
    let stem = path.rfind('.').filter(|at| !path[*at..].contains('/')).map_or(path, |at| &path[..at]);
    PathBuf::from(format!("{stem}.segments.csv{}", options.map(|options| format!("?{options}")).unwrap_or_default()))
}

/// One line a segment, in the order of [`HEADER`].
pub(super) fn lines(segments: &Segments, maker: &Maker) -> Vec<Line> {
    let line = |segment: &Segment| {
        [
            segment.number.to_string(),
            segment.key.clone(),
            segment.name.clone(),
            segment.size.to_string(),
            segment.share.to_string(),
            rule(segment).to_owned(),
            segment.to_try.clone().unwrap_or_default(),
            maker.date.clone(),
            maker.model.clone(),
            maker.fingerprint.clone(),
        ]
    };
    segments.list.iter().map(line).collect()
}

/// Writes the look-up file.
pub(super) fn write(lines: &[Line], out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADER)?;
    lines.iter().try_for_each(|line| writer.write_record(line))?;
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
        assert_eq!(lookup_path(Path::new("s3://b/a.x/out.csv")), Path::new("s3://b/a.x/out.segments.csv"));
        assert_eq!(lookup_path(Path::new("https://h/out.csv?a=b")), Path::new("https://h/out.segments.csv?a=b"));
        let table = lookup_path(Path::new("postgres://u:p@h/d?table=rows"));
        assert_eq!(table, Path::new("postgres://u@h/d?table=rows_segments"));
    }
}
