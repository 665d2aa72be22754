//! A figure: a value or the reason why there is none, and how many records stand behind it.

/// Why a figure has no value. Its code is stable; its words are `withheld-<code>` in the strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Withheld {
    /// There is nothing to compute it from.
    NoData,
    /// The window reaches before the first day of complete sales.
    BeforeHistory,
    /// The month or window is not over yet.
    Unfinished,
    /// A rate over a time of no length.
    NoDuration,
    /// Nothing can be said of a client before its second purchase.
    TooEarly,
    /// Fewer records than the figure needs.
    TooFew,
    /// The model did not find its parameters.
    NotFitted,
    /// On the last period, held out, the model was no better than 'as in the equal period before'.
    NotBetter,
    /// Amounts of several units, which cannot be added.
    Mixed,
    /// It hangs on the whole base, and the relay has not computed that yet.
    NotComputed,
}

impl Withheld {
    pub const ALL: [Self; 10] = [
        Self::NoData,
        Self::BeforeHistory,
        Self::Unfinished,
        Self::NoDuration,
        Self::TooEarly,
        Self::TooFew,
        Self::NotFitted,
        Self::NotBetter,
        Self::Mixed,
        Self::NotComputed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            Self::BeforeHistory => "before_history",
            Self::Unfinished => "unfinished",
            Self::NoDuration => "no_duration",
            Self::TooEarly => "too_early",
            Self::TooFew => "too_few",
            Self::NotFitted => "not_fitted",
            Self::NotBetter => "not_better",
            Self::Mixed => "mixed",
            Self::NotComputed => "not_computed",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == code)
    }
}

/// A value, or why there is none; never zero for want of data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure<T> {
    pub value: Result<T, Withheld>,
    /// How many records (clients, events, answers: each figure says which) it was computed from.
    pub records: u64,
}

impl<T> Figure<T> {
    pub const fn new(value: T, records: u64) -> Self {
        Self { value: Ok(value), records }
    }

    pub const fn withheld(why: Withheld, records: u64) -> Self {
        Self { value: Err(why), records }
    }

    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Figure<U> {
        Figure { value: self.value.map(of), records: self.records }
    }
}

/// A part of a whole, kept as the integers that it was counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    pub part: i128,
    pub whole: i128,
}

impl Ratio {
    /// `None` of a whole of nothing, or of less.
    pub fn of(part: impl Into<i128>, whole: impl Into<i128>) -> Option<Self> {
        let (part, whole) = (part.into(), whole.into());
        (whole > 0).then_some(Self { part, whole })
    }

    /// The figure of a ratio whose whole is what was counted; [`Withheld::NoData`] where that is nothing.
    pub fn figure(part: impl Into<i128>, whole: impl Into<i128>, records: u64) -> Figure<Self> {
        Figure { value: Self::of(part, whole).ok_or(Withheld::NoData), records }
    }

    pub const fn get(self) -> f64 {
        self.part as f64 / self.whole as f64
    }

    /// What is missing to the whole.
    pub const fn rest(self) -> Self {
        Self { part: self.whole - self.part, whole: self.whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_back() {
        for reason in Withheld::ALL {
            assert_eq!(Withheld::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(Withheld::parse("because"), None);
    }

    #[test]
    fn a_ratio_needs_something_to_be_a_part_of() {
        assert_eq!(Ratio::of(1, 4).map(|ratio| (ratio.get(), ratio.rest().get())), Some((0.25, 0.75)));
        assert_eq!((Ratio::of(0, 0), Ratio::of(1, -4)), (None, None));
        assert_eq!(Ratio::of(-1, 4).map(Ratio::get), Some(-0.25));
        assert_eq!(Ratio::figure(0, 0, 0), Figure::withheld(Withheld::NoData, 0));
    }
}
