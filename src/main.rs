//! The binary: parse, choose the front end, exit code.

fn main() {}
