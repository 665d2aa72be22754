//! Who may do what: one table of roles and actions, the same on the phone and on the relay.
//!
//! | reach | of records and clients | of everything else |
//! |---|---|---|
//! | `No` | none | not at all |
//! | `Own` | what the person wrote, or the person's own document | what is the person's own |
//! | `Scope` | clients in the person's territories or lent to the person | |
//! | `All` | every one of the workspace | yes |
//!
//! The phone hides what its person may not do; the relay refuses it (`forbidden`). A profile field that the ERP owns
//! is no matter of role alone: see [`Action::EditOwnedField`].

use super::cbor::codes;
use super::office::KnownKind;
use super::record::Kind;

codes! {
    /// What somebody is in the workspace; a person has one role.
    pub enum Role: "role" {
        /// *Comercial*.
        Rep = 1 "rep",
        /// *Jefe/a de ventas*.
        Manager = 2 "manager",
        /// *Administración*.
        BackOffice = 3 "back_office",
        /// *Administrador/a*: also everything that a manager and the back office may.
        Administrator = 4 "administrator",
    }
}

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    No,
    Own,
    Scope,
    All,
}

impl Reach {
    /// Whether it reaches something that is or is not the person's own, and in or out of the person's scope.
    /// `Scope` reaches what is one's own as well: a client that left the scope keeps what its former rep wrote.
    pub const fn covers(self, own: bool, in_scope: bool) -> bool {
        match self {
            Self::No => false,
            Self::Own => own,
            Self::Scope => in_scope || own,
            Self::All => true,
        }
    }
}

macro_rules! table {
    ($( $(#[$doc:meta])* $action:ident $word:literal: $rep:ident $manager:ident $back_office:ident $administrator:ident ),* $(,)?) => {
        /// Something that may or may not be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $( $(#[$doc])* $action ),* }

        impl Action {
            pub const ALL: &'static [Self] = &[$( Self::$action ),*];

            /// Stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$action => $word ),* }
            }
        }

        /// How far `role` may do `action`. A role that this version does not know may do nothing.
        pub const fn reach(role: Role, action: Action) -> Reach {
            let row = match action {
                $( Action::$action => [Reach::$rep, Reach::$manager, Reach::$back_office, Reach::$administrator], )*
            };
            match role {
                Role::Rep => row[0],
                Role::Manager => row[1],
                Role::BackOffice => row[2],
                Role::Administrator => row[3],
                Role::Unknown(_) => Reach::No,
            }
        }
    };
}

table! {
    //                                            rep    manager back   administrator
    ViewClient "view_client":                     Scope  All     All    All,
    /// Always accepted; out of scope the client waits, unassigned and lent to its creator.
    CreateClient "create_client":                 All    All     All    All,
    EditProfile "edit_profile":                   Scope  All     All    All,
    /// A profile field that the workspace has declared the ERP's: others ask by a change request.
    EditOwnedField "edit_owned_field":            No     No      All    All,
    /// Visit, contact, note, task, survey answer, confirmation, agreement, consent, 'not now'.
    AddRecord "add_record":                       Scope  All     All    All,
    /// Order, direct sale, return.
    AddPurchase "add_purchase":                   Scope  All     All    All,
    CloseClient "close_client":                   Scope  All     All    All,
    /// Amend or void a record of any kind.
    CorrectRecord "correct_record":               Own    All     Own    All,
    ProposeMerge "propose_merge":                 Scope  All     All    All,
    RequestChange "request_change":               Scope  All     All    All,
    /// Absences, private segments, notices read, lessons done.
    KeepOwnDocument "keep_own_document":          Own    Own     Own    Own,
    /// Of those whom one looks after or leads; of everybody who sees every territory.
    ViewFigures "view_figures":                   Scope  Scope   All    All,
    /// What hangs on the whole base is computed anew.
    RefitFigures "refit_figures":                 No     No      All    All,
    ViewOthersWork "view_others_work":            Scope  All     All    All,
    /// Prices, sales, due items, credit, order states.
    ViewOffice "view_office":                     Scope  All     All    All,
    /// Cost, margin, spend.
    ViewCost "view_cost":                         No     All     All    All,
    DecideMerge "decide_merge":                   No     All     All    All,
    /// Answer somebody else's request.
    DecideChangeRequest "decide_change_request":  No     No      All    All,
    MoveClient "move_client":                     No     All     No     All,
    LendClient "lend_client":                     No     All     No     All,
    PlanVisits "plan_visits":                     No     All     All    All,
    SetObjectives "set_objectives":               No     All     All    All,
    ShareSegment "share_segment":                 No     All     All    All,
    PublishNotice "publish_notice":               No     All     All    All,
    /// Every other kind of office record: catalogue, prices, taxes, sales, due items, credit.
    WriteOffice "write_office":                   No     No      All    All,
    Import "import":                              No     No      All    All,
    PickUpOrders "pick_up_orders":                No     No      All    All,
    /// Orders of which nobody knows any more whether the ERP has them are offered after all.
    ReleaseOrders "release_orders":               No     No      All    All,
    /// Files of the clients whom one leads; of everybody who sees every territory. What is about no client is whole.
    Export "export":                              No     Scope   All    All,
    /// Who works here, in which role, and who looks after which territory.
    ViewPeople "view_people":                     No     All     All    All,
    /// Which phones there are, and when each was last heard of.
    ViewDevices "view_devices":                   No     All     No     All,
    ViewSettings "view_settings":                 No     All     All    All,
    ManageTerritories "manage_territories":       No     All     No     All,
    ManagePeople "manage_people":                 No     No      No     All,
    EnrolDevice "enrol_device":                   No     No      No     All,
    RevokeDevice "revoke_device":                 No     No      No     All,
    ManageTokens "manage_tokens":                 No     No      No     All,
    ChangeSettings "change_settings":             No     No      No     All,
    /// Everything that is held about one person, in a file for that person.
    DisclosePerson "disclose_person":             No     No      All    All,
    EraseClient "erase_client":                   No     No      No     All,
    BackUp "back_up":                             No     No      No     All,
    AcceptQuarantine "accept_quarantine":         No     No      No     All,
    ReadAudit "read_audit":                       No     No      No     All,
}

impl Action {
    /// What amending or voiding a record is; `own`: of whoever does it.
    pub const fn of_correction(kind: Kind, own: bool) -> Self {
        match kind {
            kind if kind.is_personal() => Self::KeepOwnDocument,
            Kind::ChangeRequest if !own => Self::DecideChangeRequest,
            _ => Self::CorrectRecord,
        }
    }

    /// What writing a record is that amends or voids no other.
    pub const fn of_record(kind: Kind) -> Self {
        match kind {
            kind if kind.is_personal() => Self::KeepOwnDocument,
            Kind::Purchase => Self::AddPurchase,
            Kind::ClientClosed => Self::CloseClient,
            Kind::MergeProposal => Self::ProposeMerge,
            Kind::ChangeRequest => Self::RequestChange,
            _ => Self::AddRecord,
        }
    }

    /// What writing or deleting an office record is.
    pub const fn of_office(kind: KnownKind) -> Self {
        match kind {
            KnownKind::Objective => Self::SetObjectives,
            KnownKind::Segment => Self::ShareSegment,
            KnownKind::Notice => Self::PublishNotice,
            KnownKind::VisitPlan | KnownKind::Absence | KnownKind::Holiday => Self::PlanVisits,
            _ => Self::WriteOffice,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_was_agreed() {
        let mut table = String::new();
        for action in Action::ALL {
            let cells: Vec<_> = Role::ALL
                .iter()
                .map(|role| format!("{}:{:?}", role.as_str(), reach(*role, *action)))
                .collect();
            table += &format!("{:<22} {}\n", action.as_str(), cells.join(" "));
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_administrator_may_whatever_anybody_may() {
        for action in Action::ALL {
            for role in Role::ALL {
                assert!(reach(*role, *action) <= reach(Role::Administrator, *action), "{role:?} {action:?}");
            }
        }
    }

    #[test]
    fn who_is_unknown_may_nothing() {
        assert!(Action::ALL.iter().all(|action| reach(Role::Unknown(9), *action) == Reach::No));
    }

    #[test]
    fn reach_covers_own_work_scope_or_all() {
        let cases = [(false, false), (true, false), (false, true), (true, true)];
        let covered = |reach: Reach| cases.map(|(own, in_scope)| reach.covers(own, in_scope));
        assert_eq!(covered(Reach::No), [false; 4]);
        assert_eq!(covered(Reach::Own), [false, true, false, true]);
        assert_eq!(covered(Reach::Scope), [false, true, true, true]);
        assert_eq!(covered(Reach::All), [true; 4]);
    }

    #[test]
    fn reps_amend_their_own_and_managers_all() {
        let may = |role, own| reach(role, Action::of_correction(Kind::Visit, own)).covers(own, true);
        assert_eq!(
            (may(Role::Rep, true), may(Role::Rep, false), may(Role::Manager, false)),
            (true, false, true)
        );
    }

    #[test]
    fn managers_plan_and_tell_and_leave_the_books_to_the_office() {
        let by_manager = |kind: &&KnownKind| reach(Role::Manager, Action::of_office(**kind)) == Reach::All;
        let kinds: Vec<_> = KnownKind::ALL.iter().filter(by_manager).map(|kind| kind.name()).collect();
        assert_eq!(kinds, ["objective", "visit_plan", "absence", "holiday", "segment", "notice"]);
        let office = |kind: &KnownKind| reach(Role::BackOffice, Action::of_office(*kind)) == Reach::All;
        assert!(KnownKind::ALL.iter().all(office));
    }

    #[test]
    fn every_kind_of_record_has_its_action() {
        let action = |kind| Action::of_record(kind).as_str();
        assert_eq!(action(Kind::Visit), "add_record");
        assert_eq!(action(Kind::Purchase), "add_purchase");
        assert_eq!(action(Kind::ClientClosed), "close_client");
        assert_eq!(action(Kind::Absence), "keep_own_document");
        assert_eq!(Action::of_correction(Kind::Absence, true), Action::KeepOwnDocument);
        assert_eq!(action(Kind::parse("future").unwrap()), "add_record");
    }
}
