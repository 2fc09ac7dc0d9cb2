//! The real binary in a real pty: types keys and reads the screen that a person would see.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen may take to show what a test waits for: a bound against hanging, not a measurement.
const PATIENCE: Duration = Duration::from_secs(60);

/// Columns and rows of the emulator, whatever the size that the program is told: output that is under way at a
/// resize is still of the size before, and vt100 cannot take writes beyond its own edge.
const ROOM: (u16, u16) = (400, 120);

struct Seen {
    parser: vt100::Parser,
    bytes: usize,
    closed: bool,
}

/// A program in a terminal of its own.
pub struct Terminal {
    seen: Arc<(Mutex<Seen>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

impl Terminal {
    /// Starts the workbench with `args` in `folder`, on a screen of this size, with a home of its own there.
    pub fn start(args: &[&str], folder: &Path, columns: u16, rows: u16) -> Self {
        Self::start_with(args, folder, columns, rows, &[])
    }

    /// Starts it with these environment variables on top.
    pub fn start_with(args: &[&str], folder: &Path, columns: u16, rows: u16, env: &[(&str, &str)]) -> Self {
        Self::start_program(Path::new(env!("CARGO_BIN_EXE_segmenta")), args, folder, (columns, rows), env)
    }

    /// Starts any program so.
    pub fn start_program(
        program: &Path,
        args: &[&str],
        folder: &Path,
        (columns, rows): (u16, u16),
        env: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(folder);
        for variable in ["NO_COLOR", "COLORTERM", "SEGMENTA_LOG"] {
            command.env_remove(variable);
        }
        for (variable, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")] {
            command.env(variable, value);
        }
        for (variable, name) in
            [("HOME", ""), ("XDG_CONFIG_HOME", "config"), ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache")]
        {
            command.env(variable, folder.join(name));
        }
        for (variable, value) in env {
            command.env(variable, value);
        }
        Self::spawn(command, columns, rows)
    }

    fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(ROOM.1, ROOM.0, 0);
        let seen = Arc::new((Mutex::new(Seen { parser, bytes: 0, closed: false }), Condvar::new()));
        thread::spawn({
            let seen = Arc::clone(&seen);
            move || watch(reader, &seen)
        });
        Self { seen, master: pair.master, writer, child }
    }

    /// Types keys: a letter each, or a name: `enter esc tab space up down left right ctrl-x`.
    pub fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.writer.write_all(&bytes_of(key)).unwrap();
            self.writer.flush().unwrap();
        }
    }

    /// Types a text as it is.
    pub fn type_text(&mut self, text: &str) {
        self.writer.write_all(text.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Resizes the terminal, up to [`ROOM`].
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// The screen's text.
    pub fn text(&self) -> String {
        self.seen.0.lock().unwrap().parser.screen().contents()
    }

    /// The bytes written so far.
    pub fn bytes(&self) -> usize {
        self.seen.0.lock().unwrap().bytes
    }

    /// Whether the alternate screen is on.
    pub fn in_alternate_screen(&self) -> bool {
        self.seen.0.lock().unwrap().parser.screen().alternate_screen()
    }

    /// Waits until the text satisfies `wanted`.
    pub fn until_screen(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        let (lock, changed) = &*self.seen;
        let mut seen = lock.lock().unwrap();
        loop {
            let text = seen.parser.screen().contents();
            if wanted(&text) {
                return text;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !seen.closed, "never came: {what}\n{text}");
            seen = changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Waits until `wanted` stands on the screen.
    pub fn until(&self, wanted: &str) -> String {
        self.until_screen(wanted, |text| text.contains(wanted))
    }

    /// Waits until `unwanted` is gone from the screen.
    pub fn gone(&self, unwanted: &str) -> String {
        self.until_screen(&format!("without {unwanted}"), |text| !text.contains(unwanted))
    }

    /// Waits until all that the program wrote was read.
    pub fn until_closed(&self) {
        let (lock, changed) = &*self.seen;
        let mut seen = lock.lock().unwrap();
        while !seen.closed {
            let (now, waited) = changed.wait_timeout(seen, PATIENCE).unwrap();
            assert!(!waited.timed_out() || now.closed, "the terminal was not closed");
            seen = now;
        }
    }

    /// Waits until the program ended; its exit status.
    pub fn ended(&mut self) -> u32 {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "it did not end\n{}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _gone = self.child.kill();
    }
}

fn watch(mut reader: Box<dyn Read + Send>, seen: &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 65_536];
    loop {
        let count = reader.read(&mut buffer).unwrap_or(0);
        let mut now = seen.0.lock().unwrap();
        now.parser.process(&buffer[..count]);
        now.bytes += count;
        now.closed |= count == 0;
        seen.1.notify_all();
        if count == 0 {
            return;
        }
    }
}

fn bytes_of(key: &str) -> Vec<u8> {
    match key {
        "enter" => b"\r".to_vec(),
        "esc" => b"\x1b".to_vec(),
        "tab" => b"\t".to_vec(),
        "backtab" => b"\x1b[Z".to_vec(),
        "space" => b" ".to_vec(),
        "backspace" => b"\x7f".to_vec(),
        "up" => b"\x1b[A".to_vec(),
        "down" => b"\x1b[B".to_vec(),
        "right" => b"\x1b[C".to_vec(),
        "left" => b"\x1b[D".to_vec(),
        _ => match key.strip_prefix("ctrl-") {
            Some(letter) => vec![letter.as_bytes()[0] & 0x1f],
            None => key.as_bytes().to_vec(),
        },
    }
}

/// So many customers without any structure: a study of them takes a while.
pub fn many(rows: usize) -> String {
    let mut csv = String::from("id,spend,visits,age\n");
    let mut state = 7_u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for row in 0..rows {
        csv.push_str(&format!("c{row:05},{},{},{}\n", draw(9_000), draw(60), 18 + draw(70)));
    }
    csv
}
