//! Where settings and state lie: the XDG base directories. Nothing here creates a file.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

/// The program's folders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Settings and the user's themes.
    pub config: PathBuf,
    /// Sessions and logs.
    pub state: PathBuf,
    /// What can be made again.
    pub cache: PathBuf,
}

impl Paths {
    /// The folders of this user, `None` where there is no home.
    pub fn of_user() -> Option<Self> {
        let base = Xdg::new().ok()?;
        let state = base.state_dir().unwrap_or_else(|| base.data_dir());
        Some(Self {
            config: base.config_dir().join("segmenta"),
            state: state.join("segmenta"),
            cache: base.cache_dir().join("segmenta"),
        })
    }

    /// The folders under one root, for tests.
    pub fn under(root: &Path) -> Self {
        Self { config: root.join("config"), state: root.join("state"), cache: root.join("cache") }
    }

    /// The config file; it need not exist.
    pub fn settings(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    /// The folder of the user's own themes; it need not exist.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The user's own playbook; it need not exist.
    pub fn playbook(&self) -> PathBuf {
        self.config.join("playbook.toml")
    }

    /// The file that says where streams keep what they know; it holds folders, nobody's data.
    pub fn streams(&self) -> PathBuf {
        self.state.join("streams")
    }

    /// The log file.
    pub fn log(&self) -> PathBuf {
        self.state.join("segmenta.log")
    }
}
