//! An open loop of single-row predictions against a running server: requests leave at their appointed times, whether
//! or not earlier ones were answered, and each is measured from its appointed time on.
//!
//! `segmenta serve MODEL &`, then `cargo run --release --example serve_load -- ADDRESS ROW.json RATE CONNECTIONS REQUESTS`

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

#[tokio::main(worker_threads = 2)]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [address, row, rate, connections, requests] = args.as_slice() else { panic!("five arguments, see the source") };
    let row = std::fs::read_to_string(row).unwrap();
    let head = format!("POST /v1/predict HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n");
    let request = format!("{head}content-length: {}\r\n\r\n{row}", row.len()).into_bytes();
    let (rate, connections): (f64, usize) = (rate.parse().unwrap(), connections.parse().unwrap());
    let each = requests.parse::<usize>().unwrap() / connections;
    let pause = Duration::from_secs_f64(connections as f64 / rate);
    let mut streams = Vec::with_capacity(connections);
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        streams.push(stream);
    }
    let begun = Instant::now() + Duration::from_millis(200);
    let clients: Vec<_> = streams
        .into_iter()
        .enumerate()
        .map(|(number, stream)| {
            let (request, first) = (request.clone(), begun + pause.mul_f64(number as f64 / connections as f64));
            tokio::spawn(async move { client(stream, &request, first, pause, each).await })
        })
        .collect();
    let (mut micros, mut failed) = (Vec::with_capacity(each * connections), 0);
    for client in clients {
        let (own, wrong) = client.await.unwrap();
        micros.extend(own);
        failed += wrong;
    }
    let took = begun.elapsed().as_secs_f64();
    micros.sort_unstable();
    let at = |share: f64| micros[((micros.len() - 1) as f64 * share) as usize] as f64 / 1e3;
    println!("{} answers in {took:.1} s, {:.0} a second, {failed} failed", micros.len(), micros.len() as f64 / took);
    println!(
        "ms: median {:.2}, p90 {:.2}, p99 {:.2}, p99.9 {:.2}, worst {:.2}",
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0)
    );
}

/// Microseconds of each answer from its appointed time on, and how many were no answers.
async fn client(
    mut stream: TcpStream,
    request: &[u8],
    first: Instant,
    pause: Duration,
    count: usize,
) -> (Vec<u64>, usize) {
    let (mut micros, mut failed, mut answer) = (Vec::with_capacity(count), 0, Vec::new());
    for number in 0..count {
        let appointed = first + pause * u32::try_from(number).unwrap();
        sleep_until(appointed).await;
        stream.write_all(request).await.unwrap();
        failed += usize::from(!is_answered(&mut stream, &mut answer).await);
        micros.push(u64::try_from(appointed.elapsed().as_micros()).unwrap());
    }
    (micros, failed)
}

/// Reads one answer; whether it is a good one.
async fn is_answered(stream: &mut TcpStream, answer: &mut Vec<u8>) -> bool {
    answer.clear();
    loop {
        if stream.read_buf(answer).await.unwrap() == 0 {
            return false;
        }
        let Some(head) = memchr::memmem::find(answer, b"\r\n\r\n") else { continue };
        let text = String::from_utf8_lossy(&answer[..head]).to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        if answer.len() >= head + 4 + length.unwrap() {
            return text.starts_with("http/1.1 200");
        }
    }
}
