//! Rows made anew, after the part of the program that makes them from documents and office records changed.

use cartera_core::rows::office::OfficeKey;

use super::Result;

/// What one step did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Projected {
    /// Whose rows were made anew.
    pub documents: usize,
    /// Whose rows could not be made, which is a defect: they stay as they were.
    pub failed: usize,
    /// To be given to the next step.
    pub after: Option<OfficeKey>,
    /// How much is done, below 100; `None`: all of it.
    pub percent: Option<u8>,
}

/// A store remembers which version of the projector made its rows (`cartera_core::rows::PROJECTOR_VERSION`). While another
/// one makes them anew, what reads rows alone answers [`StorageError::Projecting`](super::StorageError::Projecting), and
/// whatever writes about a document makes its rows anew first.
pub trait Projections {
    /// How much is done, in percent below 100; `None`: all rows are made by this version.
    fn projecting(&self) -> Result<Option<u8>>;

    /// Makes what follows from the next few office records or documents anew, in one commit that also notes how far it
    /// got. `after` is what the last step of this process gave; nothing is lost without it.
    fn project(&self, after: Option<&OfficeKey>) -> Result<Projected>;
}
