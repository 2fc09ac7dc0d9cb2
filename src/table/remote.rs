//! Rows that lie elsewhere: web servers and object stores, by the usual environment variables. The one place of
//! this room that waits for the network.

use std::future::Future;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::buffered::BufWriter;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::{ObjectStore, ObjectStoreExt, ObjectStoreScheme};
use reqwest::{Client, Url};
use tokio::io::AsyncWriteExt;
use tokio::runtime::Runtime;

use super::error::Fault;
use super::place::{Place, place, scrubbed};
use super::spool::{Collecting, Spool};
use crate::task::Task;

/// How often waiting work is asked whether it is cancelled.
const POLL: Duration = Duration::from_millis(20);
/// How long a server may take to answer at all.
const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of an answer that is no success which are shown.
const SHOWN: usize = 200;

/// Waits for work on the network. A connection lives as long as the waiter that made it.
pub struct Waiter(Option<Runtime>);

impl Waiter {
    /// A waiter of its own.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new() -> Result<Self, Fault> {
        Ok(Self(Some(tokio::runtime::Builder::new_current_thread().enable_all().build()?)))
    }

    /// Waits until the work is done or the task is cancelled.
    ///
    /// # Errors
    /// The work's own, or [`Fault::Cancelled`].
    pub fn wait<T>(&self, task: &Task, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
        let Some(runtime) = &self.0 else { return Err(Fault::Remote("nobody waits any more".to_owned())) };
        runtime.block_on(async {
            tokio::pin!(work);
            loop {
                tokio::select! {
                    done = &mut work => return done,
                    () = tokio::time::sleep(POLL) => task.check()?,
                }
            }
        })
    }
}

impl Drop for Waiter {
    /// What still waits for a name server must not hold the program up.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Waits for work that leaves no connection behind.
pub(super) fn wait<T>(task: &Task, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    Waiter::new()?.wait(task, work)
}

/// A failure elsewhere in one line, without secrets.
pub fn refused(error: impl std::fmt::Display) -> Fault {
    let text = scrubbed(&error.to_string());
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    Fault::Remote(line.chars().take(2 * SHOWN).collect())
}

/// A failure with what lies under it, which says more.
fn unreachable(error: &(dyn std::error::Error + 'static)) -> Fault {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    refused(deepest)
}

fn url(text: &str) -> Result<Url, Fault> {
    Url::parse(text).map_err(|error| Fault::Remote(format!("this is no URL: {error}")))
}

fn client() -> Result<Client, Fault> {
    Client::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build().map_err(|error| unreachable(&error))
}

/// Fetches what stands at a web address.
pub(super) fn fetch(address: &str, task: &Task) -> Result<Spool, Fault> {
    task.begin("fetching", 0);
    wait(task, async {
        let answer = client()?.get(url(address)?).send().await.map_err(|error| unreachable(&error))?;
        let mut answer = accepted(answer).await?;
        task.begin("fetching", answer.content_length().unwrap_or(0));
        let mut spool = Collecting::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| unreachable(&error))? {
            spool.write_all(&chunk)?;
            task.advance(chunk.len() as u64);
        }
        Ok(spool.done()?)
    })
}

async fn accepted(answer: reqwest::Response) -> Result<reqwest::Response, Fault> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let why = status.canonical_reason().unwrap_or_default();
    Err(Fault::Remote(format!("the server answers {} {why}", status.as_u16()).trim_end().to_owned()))
}

/// An object store and the path in it that a URL names. `AWS_ENDPOINT_URL`, `AWS_ALLOW_HTTP` and their like are obeyed.
fn store(address: &str) -> Result<(Arc<dyn ObjectStore>, object_store::path::Path), Fault> {
    let parsed = url(address)?;
    let (scheme, path) = ObjectStoreScheme::parse(&parsed).map_err(refused)?;
    let store: Arc<dyn ObjectStore> = match scheme {
        ObjectStoreScheme::AmazonS3 => {
            Arc::new(AmazonS3Builder::from_env().with_url(address).build().map_err(refused)?)
        }
        ObjectStoreScheme::GoogleCloudStorage => {
            Arc::new(GoogleCloudStorageBuilder::from_env().with_url(address).build().map_err(refused)?)
        }
        ObjectStoreScheme::MicrosoftAzure => {
            Arc::new(MicrosoftAzureBuilder::from_env().with_url(address).build().map_err(refused)?)
        }
        _ => return Err(Fault::Remote("this store is not known".to_owned())),
    };
    Ok((store, object_store::path::Path::parse(path).map_err(refused)?))
}

fn in_store(error: object_store::Error) -> Fault {
    match error {
        object_store::Error::NotFound { .. } => Fault::Remote("there is no such object".to_owned()),
        other => refused(other),
    }
}

/// Fetches an object.
pub(super) fn fetch_object(address: &str, task: &Task) -> Result<Spool, Fault> {
    let (store, path) = store(address)?;
    task.begin("fetching", 0);
    wait(task, async {
        let found = store.get(&path).await.map_err(in_store)?;
        task.begin("fetching", found.meta.size);
        let (mut chunks, mut spool) = (found.into_stream(), Collecting::new());
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(in_store)?;
            spool.write_all(&chunk)?;
            task.advance(chunk.len() as u64);
        }
        Ok(spool.done()?)
    })
}

/// The URLs of the objects that a pattern stands for, ascending.
pub(super) fn list(pattern: &str, task: &Task) -> Result<Vec<String>, Fault> {
    let known = glob::Pattern::new(pattern).map_err(|error| Fault::Pattern(error.msg.to_owned()))?;
    let fixed = &pattern[..pattern.find('*').unwrap_or(pattern.len())];
    let folder = fixed.rfind('/').map_or(fixed, |at| &fixed[..=at]);
    let (store, path) = store(folder)?;
    let options = glob::MatchOptions { require_literal_separator: true, ..Default::default() };
    wait(task, async {
        let (mut found, mut objects) = (Vec::new(), store.list(Some(&path)));
        while let Some(object) = objects.next().await {
            let object = object.map_err(in_store)?;
            let rest = object.location.as_ref().strip_prefix(path.as_ref()).unwrap_or_default().trim_start_matches('/');
            let url = format!("{folder}{rest}");
            found.extend(known.matches_with(&url, options).then_some(url));
        }
        found.sort();
        Ok(found)
    })
}

/// Sends a file to a web address (by PUT) or an object store: it stands there whole or not at all.
///
/// # Errors
/// The file cannot be read, the server refuses, or the task was cancelled.
pub fn send(file: &Path, target: &Path, task: &Task) -> Result<(), Fault> {
    task.begin("sending", std::fs::metadata(file)?.len());
    match place(target) {
        Place::Web(address) => put(file, &address, task),
        Place::Store(address) => put_object(file, &address, task),
        _ => Err(Fault::Remote("this is no place to send a file to".to_owned())),
    }
}

fn put(file: &Path, address: &str, task: &Task) -> Result<(), Fault> {
    let content = std::fs::read(file)?;
    wait(task, async {
        let answer = client()?.put(url(address)?).body(content).send().await.map_err(|error| unreachable(&error))?;
        accepted(answer).await.map(|_| ())
    })
}

fn put_object(file: &Path, address: &str, task: &Task) -> Result<(), Fault> {
    let (store, path) = store(address)?;
    wait(task, async {
        use tokio::io::AsyncReadExt;
        let mut reader = tokio::fs::File::open(file).await?;
        let (mut writer, mut chunk) = (BufWriter::new(store, path), vec![0; 1 << 20]);
        loop {
            let length = reader.read(&mut chunk).await?;
            if length == 0 {
                break;
            }
            writer.write_all(&chunk[..length]).await.map_err(refused)?;
            task.advance(length as u64);
        }
        writer.shutdown().await.map_err(refused)
    })
}
