//! Which clients somebody may see of what is told about clients: the reach of `model::access`, applied to rows.

use std::collections::BTreeSet;

use cartera_core::model::access::{Action, Reach};
use cartera_core::model::{ClientId, PersonId, TerritoryId};
use cartera_core::rows::relations::Part;

use super::access::By;
use crate::app::App;
use crate::audit::Actor;
use crate::refused::Refused;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight(Option<Scope>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Scope {
    territories: BTreeSet<TerritoryId>,
    lent: BTreeSet<ClientId>,
}

impl Sight {
    /// # Errors
    /// [`Refused::Forbidden`] where the caller may not do it at all.
    pub fn of(app: &App, by: By, action: Action) -> Result<Self, Refused> {
        let forbidden = Refused::Forbidden(action);
        match by.reach(action) {
            Reach::All => return Ok(Self(None)),
            Reach::Scope => {}
            Reach::No | Reach::Own => return Err(forbidden),
        }
        match by.actor {
            Actor::Person(id) => Self::of_person(app, id)?.ok_or(forbidden),
            _ => Err(forbidden),
        }
    }

    /// What a person's phone has; `None` where there is no such person, or it has left.
    pub fn of_person(app: &App, id: PersonId) -> Result<Option<Self>, Refused> {
        let Some(person) = app.storage.person(id)?.filter(|person| person.left_ms.is_none()) else {
            return Ok(None);
        };
        if person.all_territories {
            return Ok(Some(Self(None)));
        }
        let lent = app.storage.lent_to(id)?.into_iter().collect();
        Ok(Some(Self(Some(Scope { territories: person.territories.into_iter().collect(), lent }))))
    }

    pub fn is_everybody(&self) -> bool {
        self.0.is_none()
    }

    pub fn sees_territory(&self, territory: TerritoryId) -> bool {
        self.0.as_ref().is_none_or(|scope| scope.territories.contains(&territory))
    }

    /// Everybody whom the caller sees; `None`: all there are.
    pub fn clients(&self, app: &App) -> Result<Option<BTreeSet<ClientId>>, Refused> {
        let Some(scope) = &self.0 else { return Ok(None) };
        let mut clients = app.storage.clients_of(&scope.territories)?;
        clients.extend(&scope.lent);
        Ok(Some(clients))
    }

    /// Whom the caller sees; `None`: everybody.
    pub fn part(&self, app: &App) -> Result<Option<Part>, Refused> {
        let Some(clients) = self.clients(app)? else { return Ok(None) };
        let territories = self.0.as_ref().map(|scope| scope.territories.clone()).unwrap_or_default();
        Ok(Some(Part { clients, territories }))
    }

    pub fn sees(&self, app: &App, client: ClientId) -> Result<bool, Refused> {
        let mut seen = BTreeSet::from([client]);
        self.keep_seen(app, &mut seen)?;
        Ok(!seen.is_empty())
    }

    /// Takes out whom the caller does not see.
    pub fn keep_seen(&self, app: &App, clients: &mut BTreeSet<ClientId>) -> Result<(), Refused> {
        let Some(scope) = &self.0 else { return Ok(()) };
        let ids: Vec<ClientId> = clients.iter().copied().collect();
        for (client, brief) in ids.iter().zip(app.storage.client_briefs(&ids)?) {
            let territory = brief.and_then(|brief| brief.territory).map(TerritoryId::from_bytes);
            let seen = territory.is_some_and(|territory| scope.territories.contains(&territory));
            if !seen && !scope.lent.contains(client) {
                clients.remove(client);
            }
        }
        Ok(())
    }
}
