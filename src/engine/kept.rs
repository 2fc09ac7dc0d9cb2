//! Roll-ups that are kept: the customers as Parquet, what else is known of them as JSON, and the state of a roll-up
//! that was broken off. Readable by their owner only.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::matrix::Values;
use crate::recipe::clv::Models;
use crate::recipe::rfm::{Counts, Ledger, RollUp, RollUpSpec, Rolled};
use crate::report;
use crate::table::{self, Kind, OrderColumns, Role, SourceInfo, SourceSpec};
use crate::task::Task;

/// The place of one roll-up: one source as it is now, rolled up in one way by this version of the program.
#[derive(Debug, Clone)]
pub struct Kept {
    folder: PathBuf,
    name: String,
}

/// All of a roll-up but the values.
#[derive(Serialize, Deserialize)]
struct Known {
    fingerprint: String,
    columns: OrderColumns,
    counts: Counts,
    snapshot: f64,
    models: Option<Models>,
    features: Vec<About>,
}

#[derive(Serialize, Deserialize)]
struct About {
    name: String,
    kind: Kind,
    role: Role,
    meaning: String,
}

impl Kept {
    /// Its place in this folder; `None` where the source is no file.
    pub fn of(folder: &Path, source: &SourceSpec, spec: &RollUpSpec) -> Option<Self> {
        let path = fs::canonicalize(&source.path).ok().filter(|_| source.joined.is_empty())?;
        let meta = fs::metadata(&path).ok()?;
        let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let words = serde_json::to_string(&(spec, source)).ok()?;
        let version = env!("CARGO_PKG_VERSION");
        let text = format!("{version}\n{}\n{}\n{changed}\n{words}", path.display(), meta.len());
        let name = blake3::hash(text.as_bytes()).to_hex()[..32].to_owned();
        Some(Self { folder: folder.to_owned(), name })
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.name))
    }

    /// The roll-up that was kept, with the fingerprint of its source, where that is still the same.
    ///
    /// # Errors
    /// The task was cancelled; a file that cannot be read counts as none.
    pub fn read(&self, source: &SourceSpec, task: &Task) -> Result<Option<(RollUp, String)>> {
        let known = fs::read(self.file("json")).ok().and_then(|bytes| serde_json::from_slice::<Known>(&bytes).ok());
        let Some(known) = known else { return Ok(None) };
        if table::fingerprint(source, task)? != known.fingerprint {
            return Ok(None);
        }
        Ok(table::read(&SourceSpec::new(self.file("parquet")), None, task).ok().and_then(|table| known.with(table)))
    }

    /// Keeps a roll-up; what was saved of it on the way goes.
    ///
    /// # Errors
    /// The files cannot be written.
    pub fn write(&self, rolled: &RollUp, fingerprint: &str) -> Result<()> {
        self.put("parquet", |out| report::write_parquet(&rolled.table(SourceInfo::default()), out))?;
        let known = serde_json::to_vec(&Known::of(rolled, fingerprint))
            .map_err(|error| Error::failed("the roll-up cannot be written down").caused_by(error))?;
        self.put("json", |out| out.write_all(&known))?;
        match fs::remove_file(self.file("part")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ => Ok(()),
        }
    }

    /// Saves how far the roll-up is: all lines before the byte `end` are in the ledger.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, ledger: &Ledger, end: u64) -> Result<()> {
        let parts = ledger.to_bytes();
        self.put("part", |out| {
            out.write_all(&end.to_le_bytes())?;
            parts.iter().try_for_each(|part| out.write_all(part))
        })
    }

    /// How far a roll-up was that was broken off.
    pub fn broken_off(&self) -> Option<(Ledger, u64)> {
        let mut bytes = Vec::new();
        File::open(self.file("part")).ok()?.read_to_end(&mut bytes).ok()?;
        let (end, ledger) = bytes.split_at_checked(8)?;
        Some((Ledger::from_bytes(ledger).ok()?, u64::from_le_bytes(end.try_into().ok()?)))
    }

    /// Writes a file whole or not at all, for its owner only.
    fn put(&self, ending: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let (target, draft) = (self.file(ending), self.file(&format!("{ending}.draft")));
        let written = || -> io::Result<()> {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
            let file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            let mut out = io::BufWriter::with_capacity(1 << 20, file);
            write(&mut out)?;
            out.flush()?;
            drop(out);
            fs::rename(&draft, &target)
        };
        written().map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> Error {
        Error::failed(format!("the roll-up cannot be kept: {error}"))
            .at(self.folder.display().to_string())
            .caused_by(error)
    }
}

impl Known {
    fn of(rolled: &RollUp, fingerprint: &str) -> Self {
        let about = |feature: &Rolled| About {
            name: feature.name.clone(),
            kind: feature.kind,
            role: feature.role,
            meaning: feature.meaning.clone(),
        };
        Self {
            fingerprint: fingerprint.to_owned(),
            columns: rolled.columns.clone(),
            counts: rolled.counts,
            snapshot: rolled.snapshot,
            models: rolled.models,
            features: rolled.features.iter().map(about).collect(),
        }
    }

    /// With the values of the table; `None` where that is another.
    fn with(self, table: table::Table) -> Option<(RollUp, String)> {
        let names: Vec<&str> = table.fields.iter().skip(1).map(table::Field::name).collect();
        if names != self.features.iter().map(|about| about.name.as_str()).collect::<Vec<_>>() {
            return None;
        }
        // A text that reads as yes and no, or as dates, comes back as numbers.
        let pairs = || table.fields.iter().skip(1).zip(&self.features);
        if pairs().any(|(field, about)| (about.kind == Kind::Text) != field.column.values.text().is_some()) {
            return None;
        }
        let mut values = table.fields.into_iter().map(|field| field.column.values);
        let ids: Values = values.next()?;
        let feature = |(about, values): (About, Values)| Rolled {
            name: about.name,
            kind: about.kind,
            role: about.role,
            meaning: about.meaning,
            values,
        };
        let features = self.features.into_iter().zip(values).map(feature).collect();
        let rolled = RollUp {
            columns: self.columns,
            ids,
            features,
            counts: self.counts,
            snapshot: self.snapshot,
            models: self.models,
        };
        Some((rolled, self.fingerprint))
    }
}
