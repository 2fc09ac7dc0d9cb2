//! XDG paths, config and theme TOML, key names.
