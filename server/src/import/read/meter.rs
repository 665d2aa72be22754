//! A reader that hands out no more than an allowance, which its owner renews for each row or token: so a parser that
//! would buffer without end meets an error instead.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// How much may still be taken.
#[derive(Debug, Clone)]
pub(super) struct Allowance {
    left: Rc<Cell<usize>>,
    bytes: usize,
}

impl Allowance {
    pub(super) fn new(bytes: usize) -> Self {
        Self { left: Rc::new(Cell::new(bytes)), bytes }
    }

    pub(super) fn renew(&self) {
        self.left.set(self.bytes);
    }
}

/// Fails with `FileTooLarge` once the allowance is used up.
pub(super) struct Metered<R> {
    input: R,
    allowance: Allowance,
}

impl<R> Metered<R> {
    pub(super) fn new(input: R, allowance: &Allowance) -> Self {
        Self { input, allowance: allowance.clone() }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.allowance.left.get();
        if left == 0 {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let bound = buffer.len().min(left);
        let got = self.input.read(&mut buffer[..bound])?;
        self.allowance.left.set(left - got);
        Ok(got)
    }
}
