//! Writing so that a file is there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::ReportError;
use crate::table;
use crate::task::Task;

/// A file in the making. Dropping it leaves nothing behind; publishing it puts it into its place, which may be
/// on a server or in an object store.
pub struct Draft {
    target: PathBuf,
    writer: BufWriter<Sink>,
}

/// Where the bytes go meanwhile.
enum Sink {
    /// Beside the target.
    Temporary(NamedTempFile),
    /// On this machine, until it is sent.
    Elsewhere(NamedTempFile),
    /// A device or pipe (`/dev/null`), which cannot be replaced.
    Direct(File),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Temporary(file) | Self::Elsewhere(file) => file.write(bytes),
            Self::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Temporary(file) | Self::Elsewhere(file) => file.flush(),
            Self::Direct(file) => file.flush(),
        }
    }
}

impl Draft {
    /// Begins the file that will stand at `target`. A link is followed.
    ///
    /// # Errors
    /// The target is a folder, or nothing can be written beside it.
    pub fn begin(target: &Path) -> Result<Self, ReportError> {
        if table::is_remote(target) {
            let file = NamedTempFile::new().map_err(ReportError::write(target))?;
            let writer = BufWriter::with_capacity(1 << 16, Sink::Elsewhere(file));
            return Ok(Self { target: target.to_owned(), writer });
        }
        let target = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let failed = ReportError::write(&target);
        let sink = match fs::metadata(&target) {
            Ok(meta) if meta.is_dir() => return Err(ReportError::Folder(target)),
            Ok(meta) if !meta.is_file() => Sink::Direct(File::options().write(true).open(&target).map_err(failed)?),
            _ => Sink::Temporary(beside(&target).map_err(failed)?),
        };
        Ok(Self { writer: BufWriter::with_capacity(1 << 16, sink), target })
    }

    /// The file's place.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Puts the file into its place, its bytes on the disk first.
    ///
    /// # Errors
    /// It cannot be written; the target is as it was.
    pub fn publish(self) -> Result<(), ReportError> {
        let failed = ReportError::write(&self.target);
        match self.writer.into_inner().map_err(|error| failed(error.into_error()))? {
            Sink::Direct(mut file) => file.flush().map_err(failed),
            Sink::Elsewhere(file) => {
                let sent = table::send(file.path(), &self.target, &Task::default());
                sent.map_err(|fault| {
                    ReportError::Elsewhere(format!("{}: {fault}", table::shown(&self.target).display()))
                })
            }
            Sink::Temporary(file) => {
                file.as_file().sync_all().map_err(failed)?;
                file.persist(&self.target).map_err(|error| failed(error.error))?;
                Ok(())
            }
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A temporary file in the same folder, readable as any new file is.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".segmenta-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask still takes its share.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Writes `target` whole or not at all: a temporary file beside it, fsync, rename.
///
/// # Errors
/// The file cannot be written, or `write` failed; nothing remains then.
pub fn write_atomic(target: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), ReportError> {
    let mut draft = Draft::begin(target)?;
    write(&mut draft).map_err(ReportError::write(target))?;
    draft.publish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn the_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        fs::write(&target, "old, and longer").unwrap();
        write_atomic(&target, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn an_error_leaves_nothing_and_keeps_the_old() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.txt");
        fs::write(&target, "old").unwrap();
        let error = write_atomic(&target, |out| {
            out.write_all(&[b'x'; 100_000])?;
            Err(io::Error::other("broke"))
        });
        assert!(error.is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "old");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_folder_is_refused_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(write_atomic(folder.path(), |_| Ok(())), Err(ReportError::Folder(_))));
        assert!(write_atomic(&folder.path().join("no/such/folder"), |_| Ok(())).is_err());
        #[cfg(unix)]
        write_atomic(Path::new("/dev/null"), |out| out.write_all(b"x")).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_usual_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, usual) = (folder.path().join("ours"), folder.path().join("usual"));
        write_atomic(&ours, |_| Ok(())).unwrap();
        fs::write(&usual, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&usual));
    }
}
