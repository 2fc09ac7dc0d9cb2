//! A file that changes are appended to, each once, over a kill as well.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom};
use std::path::Path;

use super::place::Change;
use super::store::Store;
use crate::config::private;
use crate::error::{Error, Result};

/// Opens a file of changes at its end. A torn last line is cut off; what stands in it counts as printed.
///
/// # Errors
/// It cannot be read or written, or holds something else.
pub fn append_to(path: &Path, store: &mut Store) -> Result<File> {
    let failed = |error: std::io::Error| {
        Error::failed(format!("cannot be read or written: {error}")).at(path.display().to_string())
    };
    let mut file = private::append(path).map_err(failed)?;
    let bytes = fs::read(path).map_err(failed)?;
    let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let last = bytes[..whole].split(|&byte| byte == b'\n').rev().nth(1);
    if let Some(line) = last {
        let other = |_| Error::failed("this file holds no changes").at(path.display().to_string()).hint("name another");
        let change: Change = serde_json::from_slice(line).map_err(other)?;
        if change.change > store.printed {
            store.was_printed(change.change)?;
        }
    }
    file.set_len(whole as u64).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
    Ok(file)
}
