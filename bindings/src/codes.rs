//! Values from a fixed list. What a newer version wrote reads as `Unknown`, and cannot be written.

use cartera_core::metrics::abc::Class;
use cartera_core::metrics::status;
use cartera_core::model::{access, office, record};

macro_rules! codes {
    ($( $(#[$doc:meta])* $name:ident = $core:path { $( $variant:ident ),* $(,)? } )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
            pub enum $name {
                $( $variant, )*
                /// Of a newer version.
                Unknown,
            }

            impl From<$core> for $name {
                fn from(value: $core) -> Self {
                    use $core as Core;
                    match value {
                        $( Core::$variant => Self::$variant, )*
                        Core::Unknown(_) => Self::Unknown,
                    }
                }
            }

            impl From<$name> for $core {
                fn from(value: $name) -> Self {
                    match value {
                        $( $name::$variant => Self::$variant, )*
                        // No version knows it: validation refuses it with its field.
                        $name::Unknown => Self::Unknown(u32::MAX),
                    }
                }
            }
        )*
    };
}

codes! {
    VisitState = record::VisitState { Planned, Done, Cancelled }
    Outcome = record::Outcome { Order, NoOrder, BuyerAway, Shut, Attended }
    NoOrderReason = record::NoOrderReason {
        StockLeft, Price, Competitor, Credit, Service, Product, BuyerAway, OutOfSeason, OtherWay, Other,
    }
    Purpose = record::Purpose {
        Sell, Prospect, Collect, Complaint, Present, Courtesy, Deliver, WinBack, Renew, Other,
    }
    Channel = record::Channel { Phone, Email, Message, Video, Post, Elsewhere }
    Direction = record::Direction { Outgoing, Incoming }
    PurchaseSort = record::PurchaseSort { Order, DirectSale, Return }
    PriceOrigin = record::PriceOrigin { List, Agreed, Promotion, Manual, LastPurchase }
    ReturnReason = record::ReturnReason { Damaged, Expired, Wrong, Unsold, Quality, Other }
    TaskState = record::TaskState { Open, Done, Dropped }
    LossReason = record::LossReason { Price, Service, Product, Competitor, Moved, ClosedDown, Other }
    ConsentDecision = record::Decision { Granted, Withdrawn, Opposed }
    LegalBasis = record::LegalBasis { Consent, LegitimateInterest, Contract, PriorPurchase }
    Evidence = record::Evidence { Spoken, Signed, Written, OnTheWeb }
    RequestDecision = record::RequestDecision { Granted, Declined }
    Likeness = record::Likeness { TaxId, Phone, Name, Address, Email, Known }
    /// What was proposed and is put off.
    PutOffSubject = record::Subject {
        Visit, Offer, Duplicate, Warning, WinBack, ConfirmData, Task, Agreement, Debt, Date, Order,
    }
    PutOffReason = record::NotNowReason { Busy, ClientAway, NotInterested, Wrong, Other }
    VoidReason = record::VoidReason { Mistake, WrongClient, Twice, Cancelled, Other }
    AbsenceReason = record::AbsenceReason { Holiday, Illness, Training, Leave, Other }
    OrderStage = office::OrderStage {
        Received, WaitingForClient, Registered, Served, Invoiced, Declined, Cancelled,
    }
    OrderFlag = office::OrderFlag { Price, Discount, Credit, Article, Amended, SameDay, Clock, Stock }
    Renewal = record::Renewal { Manual, Automatic }
    /// What was asked for.
    Survey = record::Survey { Nps, Csat, Csi }
    /// How it was asked.
    Asked = record::Asked { ByRep, ByLink, ByPhone, OnPaper }
    /// How a client is looked after.
    Mode = record::Mode { Accompanied, WinBack, Renewal }
    /// Between what a suggestion is.
    SuggestionLevel = office::Level { Article, Family }
    Role = access::Role { Rep, Manager, BackOffice, Administrator }
    SaleSort = office::SaleSort { Invoice, CreditNote, DeliveryNote, Rebate }
}

/// A client's place in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ClientStatus {
    Lead,
    Active,
    Dormant,
    Lost,
    Closed,
}

impl From<status::Status> for ClientStatus {
    fn from(status: status::Status) -> Self {
        match status {
            status::Status::Lead => Self::Lead,
            status::Status::Active => Self::Active,
            status::Status::Dormant => Self::Dormant,
            status::Status::Lost => Self::Lost,
            status::Status::Closed => Self::Closed,
        }
    }
}

/// By revenue: the few that most of it comes from are A.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum AbcClass {
    A,
    B,
    C,
}

impl From<Class> for AbcClass {
    fn from(class: Class) -> Self {
        match class {
            Class::A => Self::A,
            Class::B => Self::B,
            Class::C => Self::C,
        }
    }
}
