//! Parquet and Arrow files: their scans and their rows.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use polars::prelude::{
    HiveOptions, IpcScanOptions, LazyFrame, ParquetReader, PlRefPath, ScanArgsParquet, ScanSources, SerReader,
    UnifiedScanArgs, len,
};

use super::error::Fault;
use super::parts::Part;
use super::source::Bytes;
use super::spec::Format;
use super::spool::Spool;

/// Scans files of one format as one table, in the order of the parts. `folder` is the root of partitions
/// (`folder/year=2024/…`), which become columns.
pub(super) fn scan(parts: &[Part], format: Format, folder: Option<&Path>) -> Result<LazyFrame, Fault> {
    let hive = folder.map(|folder| hive_options(folder, parts)).unwrap_or_else(HiveOptions::new_disabled);
    match format {
        Format::Arrow => {
            let args = UnifiedScanArgs { hive_options: hive, glob: false, cache: false, ..Default::default() };
            Ok(LazyFrame::scan_ipc_sources(sources(parts)?, IpcScanOptions::default(), args)?)
        }
        _ => {
            let args = ScanArgsParquet { hive_options: hive, glob: false, cache: false, ..Default::default() };
            Ok(LazyFrame::scan_parquet_sources(sources(parts)?, args)?)
        }
    }
}

fn hive_options(folder: &Path, parts: &[Part]) -> HiveOptions {
    let partitioned = |part: &Part| {
        part.path
            .strip_prefix(folder)
            .is_ok_and(|rest| rest.parent().is_some_and(|p| p.to_string_lossy().contains('=')))
    };
    if !parts.iter().all(partitioned) {
        return HiveOptions::new_disabled();
    }
    let start = folder.as_os_str().len();
    HiveOptions { hive_start_idx: start, try_parse_dates: false, ..HiveOptions::new_enabled() }
}

fn sources(parts: &[Part]) -> Result<ScanSources, Fault> {
    if let [one] = parts {
        return one.bytes.scanned();
    }
    let paths: Option<Vec<&PathBuf>> =
        parts.iter().map(|part| if let Bytes::File(path) = &part.bytes { Some(path) } else { None }).collect();
    if let Some(paths) = paths {
        let paths = paths.into_iter().map(|path| PlRefPath::try_from_path(path)).collect::<Result<Vec<_>, _>>()?;
        return Ok(ScanSources::Paths(paths.into_iter().collect()));
    }
    let mut buffers = Vec::with_capacity(parts.len());
    for part in parts {
        let mut bytes = Vec::new();
        part.bytes.reader()?.read_to_end(&mut bytes)?;
        buffers.push(bytes.into());
    }
    Ok(ScanSources::Buffers(buffers.into()))
}

/// The number of rows, from the files' metadata.
pub(super) fn rows(parts: &[Part], format: Format, frame: &LazyFrame) -> Result<usize, Fault> {
    if format == Format::Arrow {
        let count = frame.clone().select([len()]).collect()?;
        let rows = count.columns().first().map(|column| column.get(0)).transpose()?;
        return Ok(rows.and_then(|value| value.extract::<usize>()).unwrap_or(0));
    }
    let mut rows = 0;
    for part in parts {
        rows += match &part.bytes {
            Bytes::File(path) => ParquetReader::new(std::fs::File::open(path)?).num_rows()?,
            Bytes::Spool(Spool::File(file)) => ParquetReader::new(file.try_clone()?).num_rows()?,
            other => {
                let mut bytes = Vec::new();
                other.reader()?.read_to_end(&mut bytes)?;
                ParquetReader::new(Cursor::new(bytes)).num_rows()?
            }
        };
    }
    Ok(rows)
}
