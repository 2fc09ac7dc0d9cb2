//! Encodings of a text: which it is, and a reader that gives UTF-8.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::Fault;
use crate::error::nearest;

/// How the bytes of a text stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    /// Each line is UTF-8 or, where it cannot be, windows-1252.
    Mixed,
    Other(&'static encoding_rs::Encoding),
}

/// What a part of a text says about its encoding.
pub(super) struct Survey {
    detector: EncodingDetector,
    /// Lines with characters beyond ASCII that are UTF-8, and that are not.
    utf8: usize,
    others: usize,
}

impl Default for Survey {
    fn default() -> Self {
        Self { detector: EncodingDetector::new(Iso2022JpDetection::Deny), utf8: 0, others: 0 }
    }
}

impl Survey {
    /// Takes whole lines.
    pub fn take(&mut self, lines: &[u8]) {
        for line in lines.split(|&byte| byte == b'\n' || byte == b'\r').filter(|line| !line.is_ascii()) {
            match std::str::from_utf8(line) {
                Ok(_) => self.utf8 += 1,
                Err(_) => self.others += 1,
            }
        }
        self.detector.feed(lines, false);
    }

    /// What it is. A double-byte encoding makes no line look like UTF-8 but by accident.
    pub fn verdict(mut self) -> Encoding {
        if self.others == 0 {
            return Encoding::Utf8;
        }
        if self.utf8 * 10 >= self.others {
            return Encoding::Mixed;
        }
        self.detector.feed(b"", true);
        Encoding::Other(self.detector.guess(None, Utf8Detection::Deny))
    }
}

impl Encoding {
    /// The encoding of this name.
    pub fn named(name: &str) -> Result<Self, Fault> {
        if name.eq_ignore_ascii_case("mixed") {
            return Ok(Self::Mixed);
        }
        match encoding_rs::Encoding::for_label(name.trim().as_bytes()) {
            Some(found) if found == encoding_rs::UTF_8 => Ok(Self::Utf8),
            Some(found) => Ok(Self::Other(found)),
            None => {
                const KNOWN: [&str; 8] =
                    ["utf-8", "utf-16le", "utf-16be", "windows-1252", "latin1", "windows-1251", "shift_jis", "gb18030"];
                let near = nearest(name, KNOWN).unwrap_or("windows-1252");
                Err(Fault::Option { what: format!("{name:?} is no encoding"), hint: format!("name one like {near}") })
            }
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Mixed => "mixed",
            Self::Other(other) => other.name(),
        }
    }

    /// What the first bytes of a text say; `whole`: these are all.
    pub fn guess(head: &[u8], whole: bool) -> Self {
        if let Some((found, _)) = encoding_rs::Encoding::for_bom(head) {
            return if found == encoding_rs::UTF_8 { Self::Utf8 } else { Self::Other(found) };
        }
        if let Some(found) = utf16(head) {
            return Self::Other(found);
        }
        let end = if whole { head.len() } else { head.iter().rposition(|&byte| byte == b'\n').unwrap_or(head.len()) };
        let mut survey = Survey::default();
        survey.take(&head[..end]);
        survey.verdict()
    }

    /// A reader of the text: UTF-8, but for UTF-8 and mixed texts, which are taken line by line.
    pub fn reader<'a>(self, bytes: impl Read + 'a) -> Box<dyn Read + 'a> {
        match self {
            Self::Utf8 | Self::Mixed => Box::new(bytes),
            Self::Other(encoding) => Box::new(Decoded::new(bytes, encoding.new_decoder_with_bom_removal())),
        }
    }
}

/// UTF-16 without a mark: every other byte of a text in Latin letters is zero.
fn utf16(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        () if pairs < 4 => None,
        () if odd * 10 > pairs * 7 && even * 10 < pairs => Some(UTF_16LE),
        () if even * 10 > pairs * 7 && odd * 10 < pairs => Some(UTF_16BE),
        () => None,
    }
}

/// A line that is not UTF-8, as windows-1252.
pub(super) fn as_western(line: &[u8]) -> String {
    WINDOWS_1252.decode_without_bom_handling(line).0.into_owned()
}

struct Decoded<R> {
    bytes: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

const CHUNK: usize = 1 << 16;

impl<R: Read> Decoded<R> {
    fn new(bytes: R, decoder: Decoder) -> Self {
        Self { bytes, decoder, raw: vec![0; CHUNK], text: Vec::new(), at: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let length = self.bytes.read(&mut self.raw)?;
        self.ended = length == 0;
        let room = self.decoder.max_utf8_buffer_length(length).unwrap_or(4 * length + 16);
        self.text.resize(room, 0);
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw[..length], &mut self.text, self.ended);
        self.text.truncate(written);
        self.at = 0;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.fill()?;
        }
        let length = out.len().min(self.text.len() - self.at);
        out[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    #[test]
    fn encodings_are_told_by_their_bytes() {
        let name = |bytes: &[u8]| Encoding::guess(bytes, true).name();
        assert_eq!(name(b"a,b\n"), "UTF-8");
        assert_eq!(name("prénom\n".as_bytes()), "UTF-8");
        assert_eq!(name(b"pr\xE9nom,ville\nZo\xEB,Besan\xE7on\nJ\xFCrgen,K\xF6ln\n"), "windows-1252");
        assert_eq!(name(b"M\xC3\xBCnchen\nK\xF6ln\nZ\xC3\xBCrich\n"), "mixed");
        assert_eq!(name(b"\xFF\xFEa\0,\0"), "UTF-16LE");
        assert_eq!(name(b"\0i\0d\0,\0n\0a\0m\0e\0\n"), "UTF-16BE");
    }

    #[test]
    fn a_cut_character_is_no_other_encoding() {
        assert_eq!(Encoding::guess(b"a\nM\xC3", false), Encoding::Utf8);
    }

    #[test]
    fn a_reader_gives_utf8_whatever_the_chunks() {
        let text = "id\tnåme\n1\t山田\n".repeat(9000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut read = String::new();
        Encoding::Other(UTF_16LE).reader(bytes.as_slice()).read_to_string(&mut read).unwrap();
        assert!(read == text);
    }

    #[test]
    fn names_are_those_of_the_web() {
        assert_eq!(Encoding::named("latin1").unwrap().name(), "windows-1252");
        assert_eq!(Encoding::named("UTF-16LE").unwrap().name(), "UTF-16LE");
        assert!(Encoding::named("klingon").is_err());
    }
}
