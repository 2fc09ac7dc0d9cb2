//! Files that only their owner may read: what is kept of anybody's data.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a folder, and those above it, that only its owner may enter (0700); one that is there is closed to others.
///
/// # Errors
/// It cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    close(path, 0o700)
}

/// Makes or empties a file that only its owner may read (0600).
///
/// # Errors
/// It cannot be made.
pub fn create(path: &Path) -> io::Result<File> {
    let file = options().write(true).truncate(true).open(path)?;
    close(path, 0o600)?;
    Ok(file)
}

/// Opens a file that only its owner may read (0600), to write at its end.
///
/// # Errors
/// It cannot be opened.
pub fn append(path: &Path) -> io::Result<File> {
    let file = options().append(true).open(path)?;
    close(path, 0o600)?;
    Ok(file)
}

fn options() -> fs::OpenOptions {
    let mut options = File::options();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Closes a file or folder to others.
///
/// # Errors
/// It belongs to somebody else.
pub fn close(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let meta = fs::metadata(path)?;
        if meta.permissions().mode() & 0o777 != mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    let _only_on_unix = (path, mode);
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_the_owner_reads_them() {
        let root = tempfile::tempdir().unwrap();
        let (inner, file) = (root.path().join("a/b"), root.path().join("a/b/c"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        folder(&inner).unwrap();
        create(&file).unwrap().write_all(b"x").unwrap();
        assert_eq!((mode(&inner), mode(&root.path().join("a")), mode(&file)), (0o700, 0o700, 0o600));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        append(&file).unwrap().write_all(b"y").unwrap();
        assert_eq!((mode(&file), fs::read_to_string(&file).unwrap().as_str()), (0o600, "xy"));
    }
}
