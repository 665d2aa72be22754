//! Kinds of office record: who may ever see them, and what they can be about.

use std::fmt;

/// Who sees an office record, of those in whose scope it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Managers, the back office, administrators: never reps, and never a rep's phone.
    Office,
    Everybody,
}

/// What a record can be about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    Workspace,
    Territory,
    Client,
}

/// What the key of a record is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyRule {
    /// The office's own code: any text without control characters.
    Code,
    /// A ULID of 26 characters: a person, an order, a territory, a client.
    Ulid,
    /// 32 hexadecimal digits: an actor.
    Actor,
    /// `<client>/<YYYY-MM-DD>/<currency>`.
    ClientDay,
    /// `<client>/<YYYY-MM>/<currency>`.
    ClientMonth,
}

/// Kind of a record of the office; its name stands in the log, in `PUT /v1/office/{kind}` and in tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Known(KnownKind),
    /// Of a newer version; kept and passed on unread.
    Unknown(String),
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $variant:ident $name:literal $audience:ident [$($about:ident),+] $key:ident ),* $(,)?) => {
        /// Kinds that this version knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum KnownKind { $( $(#[$doc])* $variant ),* }

        impl KnownKind {
            pub const ALL: &'static [Self] = &[$( Self::$variant ),*];

            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name ),* }
            }

            pub fn parse(name: &str) -> Option<Self> {
                match name { $( $name => Some(Self::$variant), )* _ => None }
            }

            pub const fn audience(self) -> Audience {
                match self { $( Self::$variant => Audience::$audience ),* }
            }

            /// What a record of this kind can be about.
            pub const fn about(self) -> &'static [About] {
                match self { $( Self::$variant => &[$( About::$about ),+] ),* }
            }

            pub const fn key_rule(self) -> KeyRule {
                match self { $( Self::$variant => KeyRule::$key ),* }
            }

            /// Id of its words in the strings.
            pub const fn text_id(self) -> &'static str {
                match self { $( Self::$variant => concat!("office-", $name) ),* }
            }
        }
    };
}

kinds! {
    Article "article" Everybody [Workspace] Code,
    /// A price, or a discount, for everybody, a price list or a client.
    Price "price" Everybody [Workspace, Territory, Client] Code,
    Tax "tax" Everybody [Workspace] Code,
    /// One document of the office's system: invoice, credit note.
    Sale "sale" Everybody [Client] Code,
    /// One client's sales of one day in one currency; derived by the relay.
    SalesDay "sales_day" Everybody [Client] ClientDay,
    /// One client's sales of one month in one currency, by family and unit; derived by the relay.
    SalesMonth "sales_month" Everybody [Client] ClientMonth,
    DueItem "due_item" Everybody [Client] Code,
    /// One a client; the key is the client's id.
    Credit "credit" Everybody [Client] Ulid,
    /// Keyed by the order alone, whatever the source.
    OrderState "order_state" Everybody [Client] Ulid,
    Objective "objective" Everybody [Workspace, Territory, Client] Code,
    Person "person" Everybody [Workspace] Ulid,
    /// Whose hand an actor of the documents is.
    Actor "actor" Everybody [Workspace] Actor,
    Territory "territory" Everybody [Workspace] Ulid,
    /// A rule by which a client is to be visited.
    VisitPlan "visit_plan" Everybody [Client] Code,
    Absence "absence" Everybody [Workspace, Territory] Code,
    Holiday "holiday" Everybody [Workspace, Territory] Code,
    Segment "segment" Everybody [Workspace, Territory] Code,
    Notice "notice" Everybody [Workspace, Territory, Client] Code,
    /// How many establishments there are in a region, whoever serves them.
    Census "census" Everybody [Workspace] Code,
    /// What winning clients cost.
    Spend "spend" Office [Workspace, Territory] Code,
    Setting "setting" Everybody [Workspace] Code,
    /// What was fitted on the whole base: models, cuts.
    Parameter "parameter" Everybody [Workspace] Code,
    /// What clients that buy one thing also buy; worked out by the relay on the whole base.
    CrossSell "cross_sell" Everybody [Workspace] Code,
    /// What an article costs us; the key is the article's.
    Cost "cost" Office [Workspace] Code,
    /// What a sale left us; the key is the sale's.
    Margin "margin" Office [Client] Code,
    /// How fresh a feed is; the key is the name of what it brings, the source that of the feed. Written by the relay.
    Feed "feed" Everybody [Workspace] Code,
}

impl Kind {
    /// `None` unless `name` is 1 to 32 of `a-z`, `0-9` and `_`, the first a letter.
    pub fn parse(name: &str) -> Option<Self> {
        let shaped = (1..=crate::model::limits::OFFICE_KIND_BYTES_MAX).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !shaped {
            return None;
        }
        Some(KnownKind::parse(name).map_or_else(|| Self::Unknown(name.to_owned()), Self::Known))
    }

    pub fn name(&self) -> &str {
        match self {
            Self::Known(kind) => kind.name(),
            Self::Unknown(name) => name,
        }
    }

    pub const fn known(&self) -> Option<KnownKind> {
        match self {
            Self::Known(kind) => Some(*kind),
            Self::Unknown(_) => None,
        }
    }

    /// Who may ever see it. Unknown kinds whose name begins with `cost` or `margin`, alone or before a `_`, are for
    /// the office, so that a newer version can add to them; other unknown ones are for everybody in scope.
    pub fn audience(&self) -> Audience {
        match self {
            Self::Known(kind) => kind.audience(),
            Self::Unknown(name) => match name.split('_').next() {
                Some("cost" | "margin") => Audience::Office,
                _ => Audience::Everybody,
            },
        }
    }
}

impl From<KnownKind> for Kind {
    fn from(kind: KnownKind) -> Self {
        Self::Known(kind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for KnownKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for kind in KnownKind::ALL {
            assert_eq!(Kind::parse(kind.name()), Some(Kind::Known(*kind)));
        }
        assert_eq!(Kind::parse("stock"), Some(Kind::Unknown("stock".into())));
        assert!(Kind::parse(&"a".repeat(32)).is_some());
        for name in ["", "Stock", "1a", "_a", "a-b", "a b", "ñ", &"a".repeat(33)] {
            assert_eq!(Kind::parse(name), None, "{name}");
        }
    }

    #[test]
    fn what_reps_never_see_is_cost_margin_and_spend() {
        let hidden: Vec<_> = KnownKind::ALL
            .iter()
            .filter(|kind| kind.audience() == Audience::Office)
            .map(|k| k.name())
            .collect();
        assert_eq!(hidden, ["spend", "cost", "margin"]);
        for (name, audience) in [
            ("cost_history", Audience::Office),
            ("margin_month", Audience::Office),
            ("costume", Audience::Everybody),
        ] {
            assert_eq!(Kind::parse(name).map(|kind| kind.audience()), Some(audience), "{name}");
        }
    }
}
