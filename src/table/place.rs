//! Where a source or a target is: a file, a URL, a database. Passwords are hidden here, once for all.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// What a path stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file, a folder, or a pattern of files.
    Local(PathBuf),
    /// The standard input.
    Stdin,
    /// `http://` or `https://`.
    Web(String),
    /// `s3://`, `gs://`, `az://` and their like.
    Store(String),
    /// A database.
    Sql(Database),
}

/// What kind of database a URL names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite: a file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

/// A database with the table or query that a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// What kind.
    pub engine: Engine,
    /// The URL without `table` and `query`; a file's path for SQLite.
    pub url: String,
    /// The table.
    pub table: Option<String>,
    /// The query.
    pub query: Option<String>,
}

const STORES: [&str; 8] = ["s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl"];

/// What this path stands for; `${NAME}` in a URL is replaced by the environment's variable.
pub fn place(path: &Path) -> Place {
    let Some(text) = path.to_str() else { return Place::Local(path.to_owned()) };
    if text == "-" {
        return Place::Stdin;
    }
    if let Some(rest) = text.strip_prefix("sqlite:") {
        return Place::Sql(database(Engine::Sqlite, rest.strip_prefix("//").unwrap_or(rest)));
    }
    let Some((scheme, _)) = text.split_once("://") else { return Place::Local(path.to_owned()) };
    let text = expanded(text);
    match scheme.to_ascii_lowercase().as_str() {
        "postgres" | "postgresql" => Place::Sql(database(Engine::Postgres, &text)),
        "mysql" | "mariadb" => Place::Sql(database(Engine::Mysql, &text)),
        "http" | "https" => Place::Web(text),
        scheme if STORES.contains(&scheme) => Place::Store(text),
        _ => Place::Local(path.to_owned()),
    }
}

/// Whether this path is no file of this machine: it is never made absolute or joined to a folder.
pub fn is_remote(path: &Path) -> bool {
    !matches!(place(path), Place::Local(_))
}

fn expanded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, tail)) = after.split_once('}') else { break };
        out.push_str(before);
        out.push_str(&encoded(&std::env::var(name).unwrap_or_default()));
        rest = tail;
    }
    out + rest
}

fn database(engine: Engine, text: &str) -> Database {
    let (base, options) = text.split_once('?').unwrap_or((text, ""));
    let mut found = Database { engine, url: base.to_owned(), table: None, query: None };
    let mut others = Vec::new();
    for (key, value) in options.split('&').filter_map(|pair| pair.split_once('=')) {
        match key {
            "table" => found.table = Some(decoded(value)),
            "query" => found.query = Some(decoded(value)),
            _ => others.push(format!("{key}={value}")),
        }
    }
    if engine == Engine::Mysql {
        found.url = with_password(&found.url, std::env::var("MYSQL_PWD").ok());
    }
    if !others.is_empty() && engine != Engine::Sqlite {
        found.url = format!("{}?{}", found.url, others.join("&"));
    }
    found
}

/// MySQL's clients take the password from the environment where the URL has none; PostgreSQL's driver does it itself.
fn with_password(url: &str, password: Option<String>) -> String {
    match (url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?))), password) {
        (Some((scheme, (user, rest))), Some(password)) if !user.contains(':') => {
            format!("{scheme}://{user}:{}@{rest}", encoded(&password))
        }
        _ => url.to_owned(),
    }
}

/// Percent signs and plus signs of a URL's query, decoded.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = (*first == b'%').then(|| tail.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match (first, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (_, Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (byte, None) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A file's path as a part of a URL.
pub fn encoded_path(path: &Path) -> String {
    path.to_string_lossy().split('/').map(encoded).collect::<Vec<_>>().join("/")
}

/// A text as a part of a URL.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The path without passwords, keys and tokens: what may stand on screens, in errors, recipes and reports.
pub fn shown(path: &Path) -> Cow<'_, Path> {
    let Some(text) = path.to_str().filter(|text| text.contains("://")) else { return Cow::Borrowed(path) };
    let shown = without_secrets(text);
    if shown == text { Cow::Borrowed(path) } else { Cow::Owned(PathBuf::from(shown)) }
}

/// The same text with the secrets of all URLs in it hidden: what a library says of a failure may quote one.
pub fn without_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        let end = after.find(|c: char| c.is_whitespace() || "\"'`<>)".contains(c)).unwrap_or(after.len());
        out.push_str(before);
        out.push_str(&hidden(&after[..end]));
        rest = &after[end..];
    }
    out + rest
}

/// The same text without secrets of URLs, nor those that stand in the environment.
pub fn scrubbed(text: &str) -> String {
    const NAMES: [&str; 6] = ["KEY", "SECRET", "TOKEN", "PASSWORD", "PWD", "CREDENTIAL"];
    let is_secret = |name: &str| name != "PWD" && name != "OLDPWD" && NAMES.iter().any(|word| name.contains(word));
    let secrets =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    secrets
        .filter(|(name, value)| is_secret(name) && value.len() >= 4)
        .fold(without_secrets(text), |text, (_, value)| text.replace(&value, "***"))
}

/// `user:password@host/path?token=…` without password and token. A variable's name is no secret.
fn hidden(rest: &str) -> String {
    let authority = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // A password may hold an `@` or a slash that was not encoded: the last `@` before the query ends it.
    let query = rest.find('?').unwrap_or(rest.len());
    let at = rest[..query].rfind('@').filter(|at| *at < authority || rest[..authority].contains(':'));
    let (login, tail) = at.map_or(("", rest), |at| (&rest[..at], &rest[at + 1..]));
    let login = match login.split_once(':') {
        Some((user, password)) if password.starts_with("${") => format!("{user}:{password}@"),
        Some((user, _)) => format!("{user}@"),
        None if login.is_empty() => String::new(),
        None => format!("{login}@"),
    };
    let (path, options) = tail.split_once('?').map_or((tail, None), |(path, options)| (path, Some(options)));
    let options = options.map(|options| format!("?{}", options.split('&').map(option).collect::<Vec<_>>().join("&")));
    format!("{login}{path}{}", options.unwrap_or_default())
}

fn option(pair: &str) -> String {
    const SECRET: [&str; 10] =
        ["password", "passwd", "pwd", "secret", "token", "signature", "credential", "sig", "key", "auth"];
    match pair.split_once('=') {
        Some((key, value)) if !value.starts_with("${") => {
            let lower = key.to_ascii_lowercase();
            let secret = SECRET.iter().any(|word| lower.ends_with(word) || lower.contains("x-amz"));
            format!("{key}={}", if secret { "***" } else { value })
        }
        _ => pair.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]
    use super::*;

    fn said(text: &str) -> String {
        shown(Path::new(text)).display().to_string()
    }

    #[test]
    fn passwords_are_hidden() {
        assert_eq!(said("postgres://ann:s3cret@db:5432/shop?table=c"), "postgres://ann@db:5432/shop?table=c");
        assert_eq!(said("postgres://ann:a@b/c@db/shop"), "postgres://ann@db/shop");
        assert_eq!(said("https://u:p@host/a.csv?token=abc&page=2"), "https://u@host/a.csv?token=***&page=2");
        assert_eq!(
            said("https://h/a?X-Amz-Signature=ff&X-Amz-Credential=k"),
            "https://h/a?X-Amz-Signature=***&X-Amz-Credential=***"
        );
        assert_eq!(said("mysql://u:${MYSQL_PWD}@h/d"), "mysql://u:${MYSQL_PWD}@h/d");
        assert_eq!(said("data/a@b:c.csv"), "data/a@b:c.csv");
        assert_eq!(said("s3://bucket/key=1/a.csv"), "s3://bucket/key=1/a.csv");
        assert_eq!(
            without_secrets("cannot reach \"postgres://u:pw@h/d\", nor https://h/x?sig=abc"),
            "cannot reach \"postgres://u@h/d\", nor https://h/x?sig=***"
        );
    }

    #[test]
    fn a_path_says_where_the_rows_are() {
        assert_eq!(place(Path::new("a/b.csv")), Place::Local("a/b.csv".into()));
        assert_eq!(place(Path::new("-")), Place::Stdin);
        assert!(matches!(place(Path::new("S3://b/k")), Place::Store(_)));
        assert!(matches!(place(Path::new("https://h/k")), Place::Web(_)));
        let Place::Sql(found) = place(Path::new("sqlite:shop.db?table=big+customers")) else { panic!("not a table") };
        assert_eq!((found.url.as_str(), found.table.as_deref()), ("shop.db", Some("big customers")));
        let Place::Sql(found) = place(Path::new("postgres://h/d?sslmode=disable&query=SELECT%201")) else {
            panic!("not a query");
        };
        assert_eq!((found.url.as_str(), found.query.as_deref()), ("postgres://h/d?sslmode=disable", Some("SELECT 1")));
    }
}
