//! Changes sent to a CRM: one call a change, in their order, signed, and sent again until one is accepted.

use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode, Url, redirect};
use sha2::Sha256;

use super::place::Change;
use crate::error::{Error, Result};
use crate::task::Task;

/// Changes that may wait to be sent: then no more lines are taken.
pub const QUEUE: usize = 1000;
/// What is waited before the second try; twice as much before each further one.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// What is waited at most.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// How long one call may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a cancel is looked for while nothing is to be sent, or is waited for.
const BEAT: Duration = Duration::from_millis(50);
/// A secret with fewer bytes is guessed too easily.
const SHORTEST: usize = 16;

/// Where changes are sent, and how.
#[derive(Clone)]
pub struct Webhook {
    url: Url,
    secret: Vec<u8>,
    /// How often a change is sent before it is given up.
    tries: u32,
}

impl std::fmt::Debug for Webhook {
    /// Without the secret; the address may hold one too.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Webhook({})", self.url.host_str().unwrap_or_default())
    }
}

impl Webhook {
    /// To this address, signed with the secret in this file.
    ///
    /// # Errors
    /// The address is none of http or https, or the secret cannot be read or is too short.
    pub fn new(url: &str, secret: &Path, tries: u32) -> Result<Self> {
        let address = Url::parse(url).ok().filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
        let url = address.ok_or_else(|| {
            Error::usage("this is no address of http or https")
                .at("--webhook")
                .hint("write it like https://crm/changes")
        })?;
        let at = secret.display().to_string();
        let text = std::fs::read_to_string(secret)
            .map_err(|error| Error::failed(format!("the secret cannot be read: {error}")).at(at.clone()))?;
        let secret = text.trim().as_bytes().to_vec();
        if secret.len() < SHORTEST {
            return Err(Error::failed(format!("the secret has fewer than {SHORTEST} bytes")).at(at));
        }
        Ok(Self { url, secret, tries: tries.max(1) })
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The change.
    pub change: Change,
    /// How often it was sent.
    pub tries: u32,
    /// Why it was given up; `None` where it was accepted.
    pub given_up: Option<String>,
}

/// Sends changes on a thread of its own, one after the other.
pub struct Sending {
    /// Changes that are to be sent.
    pub changes: Sender<Change>,
    /// What became of them.
    pub outcomes: Receiver<Outcome>,
}

/// Begins to send; it ends with the task.
///
/// # Errors
/// What sends cannot be set up.
pub fn begin(webhook: Webhook, task: &Task) -> Result<Sending> {
    let broken = |what: String| Error::failed(format!("changes cannot be sent: {what}"));
    let client = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none()).build();
    let client = client.map_err(|error| broken(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| broken(error.to_string()))?;
    let (changes, to_send) = unbounded();
    let (done, outcomes) = bounded(QUEUE);
    let task = task.clone();
    thread::spawn(move || {
        let caller = Caller { client, webhook, task };
        while let Some(change) = caller.next(&to_send) {
            let Some(outcome) = runtime.block_on(caller.send(change)) else { return };
            if done.send(outcome).is_err() {
                return;
            }
        }
    });
    Ok(Sending { changes, outcomes })
}

struct Caller {
    client: Client,
    webhook: Webhook,
    task: Task,
}

/// What a try came to.
enum Answer {
    Accepted,
    /// Another try cannot help.
    Refused(String),
    Failed(String),
}

impl Caller {
    fn next(&self, changes: &Receiver<Change>) -> Option<Change> {
        while !self.task.is_cancelled() {
            match changes.recv_timeout(BEAT) {
                Ok(change) => return Some(change),
                Err(error) if error.is_timeout() => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// `None` where the task was cancelled: the change is still to be sent then.
    async fn send(&self, change: Change) -> Option<Outcome> {
        let body = serde_json::to_vec(&change).unwrap_or_default();
        let mut jitter = self.task.stream(&["webhook", change.key.as_str()]);
        for tries in 1..=self.webhook.tries {
            let why = match self.call(&change.key, &body).await {
                Answer::Accepted => return Some(Outcome { change, tries, given_up: None }),
                Answer::Refused(why) => return Some(Outcome { change, tries, given_up: Some(why) }),
                Answer::Failed(why) => why,
            };
            if tries == self.webhook.tries {
                return Some(Outcome { change, tries, given_up: Some(why) });
            }
            self.wait(pause(tries, jitter.r#gen())).await?;
        }
        None
    }

    async fn wait(&self, mut pause: Duration) -> Option<()> {
        while !pause.is_zero() {
            let part = pause.min(BEAT);
            tokio::time::sleep(part).await;
            pause -= part;
            if self.task.is_cancelled() {
                return None;
            }
        }
        Some(())
    }

    async fn call(&self, key: &str, body: &[u8]) -> Answer {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()).to_string();
        let signature = signature(&self.webhook.secret, &seconds, body);
        let call = self
            .client
            .post(self.webhook.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .header("x-segmenta-timestamp", &seconds)
            .header("x-segmenta-signature", format!("sha256={signature}"))
            .body(body.to_vec());
        match call.send().await {
            Ok(answer) => answered(answer.status()),
            // The address may hold a secret.
            Err(error) => Answer::Failed(error.without_url().to_string()),
        }
    }
}

fn answered(status: StatusCode) -> Answer {
    let again = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
    match status {
        status if status.is_success() => Answer::Accepted,
        status if status.is_client_error() && !again.contains(&status) => Answer::Refused(status.to_string()),
        status => Answer::Failed(status.to_string()),
    }
}

/// What is waited after so many tries: twice as long each time, shortened by up to a half, by chance from 0 to 1, so that
/// many senders do not come back at once.
fn pause(tries: u32, chance: f64) -> Duration {
    let full = FIRST_WAIT.saturating_mul(1 << (tries - 1).min(16)).min(LONGEST_WAIT);
    full.mul_f64(1.0 - chance / 2.0)
}

/// HMAC-SHA256 of `timestamp.body` in hexadecimal digits.
fn signature(secret: &[u8], timestamp: &str, body: &[u8]) -> String {
    // A key of any length is taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    // python: hmac.new(b"a secret of some length", b"1700000000.{\"a\":1}", hashlib.sha256).hexdigest()
    #[test]
    fn the_signature_is_that_of_others() {
        let expected = "e09db3ce6e6e8f9b633a62851e5074a9e9148ac19b1c0e1a8f7c352380be630b";
        assert_eq!(signature(b"a secret of some length", "1700000000", b"{\"a\":1}"), expected);
    }

    #[test]
    fn waits_double_up_to_a_minute_and_are_spread() {
        let seconds = |tries, chance| pause(tries, chance).as_secs_f64();
        assert_eq!((seconds(1, 0.0), seconds(3, 0.0), seconds(3, 1.0)), (0.5, 2.0, 1.0));
        assert_eq!((seconds(20, 0.0), seconds(u32::MAX, 1.0)), (60.0, 30.0));
    }

    #[test]
    fn only_http_with_a_secret_of_some_length_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        std::fs::write(&file, "a secret of some length\n").unwrap();
        for url in ["ftp://a/b", "file:///etc/passwd", "crm", "http://"] {
            assert_eq!(Webhook::new(url, &file, 3).unwrap_err().exit as i32, 2, "{url}");
        }
        let shown = format!("{:?}", Webhook::new("https://crm.example/x?token=t", &file, 3).unwrap());
        assert_eq!(shown, "Webhook(crm.example)");
        std::fs::write(&file, "short").unwrap();
        assert_eq!(Webhook::new("https://crm.example", &file, 3).unwrap_err().exit as i32, 1);
    }
}
