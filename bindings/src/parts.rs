//! Parts of a profile: its people, its delivery points, its dates; and sections that somebody finds right with one tap.

use std::collections::BTreeMap;

use cartera_core::model::profile::{ContactField, DateField, Key, PlaceField, Section, Value};
use cartera_core::model::{self};
use cartera_core::query::{confirmed, profile};

use crate::people::Names;
use crate::shared::part;
use crate::{
    Address, BusinessDate, CarteraError, ClientId, Clients, OpenSpan, PartId, PersonId, Point, Saved,
    ShutSpan, Weekday, profile as values,
};

/// Somebody at the client. Fields are changed by `edit`, under `contact/<id>/<field>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct ContactPerson {
    pub id: PartId,
    pub name: Option<String>,
    /// What the person does there.
    pub role: Option<String>,
    /// As they were typed.
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub email: Option<String>,
    pub language: Option<String>,
    /// The person may read them.
    pub notes: Option<String>,
}

/// Where goods are brought (*dirección de entrega*). Fields are changed by `edit`, under `place/<id>/<field>`.
#[derive(Debug, Clone, Default, PartialEq, uniffi::Record)]
pub struct DeliveryPoint {
    pub id: PartId,
    pub name: Option<String>,
    pub address: Option<Address>,
    pub point: Option<Point>,
    pub phone: Option<String>,
    pub erp_code: Option<String>,
    /// How to deliver there.
    pub instructions: Option<String>,
    pub hours: Vec<OpenSpan>,
    /// Days on which it never opens.
    pub shut_weekdays: Vec<Weekday>,
    pub shut_days: Vec<ShutSpan>,
}

/// A date worth remembering. Fields are changed by `edit`, under `date/<id>/<field>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct KeyDate {
    pub id: PartId,
    pub what: Option<String>,
    pub on: Option<BusinessDate>,
    /// It comes again every year.
    pub yearly: bool,
    /// The contact whom it concerns.
    pub contact: Option<PartId>,
}

/// A part of the profile that people look at together; its words are `section-<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum ProfileSection {
    Identity,
    Contact,
    People,
    Visiting,
    Deliveries,
    Terms,
    Dates,
}

/// A section in which something stands, and who last found it right.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SectionNow {
    pub section: ProfileSection,
    /// Keys of the fields that say something.
    pub keys: Vec<String>,
    pub confirmed_on: Option<BusinessDate>,
    pub confirmed_by: Option<PersonId>,
    pub confirmed_by_name: Option<String>,
    /// Nobody did within the time that data count as fresh.
    pub stale: bool,
}

#[uniffi::export]
impl Clients {
    /// People at the client: at most so many, from the one at `offset` on.
    pub fn contacts(
        &self,
        client: ClientId,
        offset: u32,
        most: u32,
    ) -> Result<Vec<ContactPerson>, CarteraError> {
        let mut found: BTreeMap<model::PartId, ContactPerson> = BTreeMap::new();
        for (key, value) in self.fields(client)? {
            let Key::Contact(id, field) = key else { continue };
            let of = found.entry(id).or_insert_with(|| ContactPerson { id: id.into(), ..Default::default() });
            match field {
                ContactField::Name => of.name = text(value),
                ContactField::Role => of.role = text(value),
                ContactField::Phone => of.phone = text(value),
                ContactField::Mobile => of.mobile = text(value),
                ContactField::Email => of.email = text(value),
                ContactField::Language => of.language = text(value),
                ContactField::Notes => of.notes = text(value),
                ContactField::Removed => {}
            }
        }
        Ok(part(found.into_values().collect(), offset, most))
    }

    /// Delivery points: at most so many, from the one at `offset` on.
    pub fn delivery_points(
        &self,
        client: ClientId,
        offset: u32,
        most: u32,
    ) -> Result<Vec<DeliveryPoint>, CarteraError> {
        let mut found: BTreeMap<model::PartId, DeliveryPoint> = BTreeMap::new();
        for (key, value) in self.fields(client)? {
            let Key::Place(id, field) = key else { continue };
            let of = found.entry(id).or_insert_with(|| DeliveryPoint { id: id.into(), ..Default::default() });
            match (field, value) {
                (PlaceField::Address, Value::Address(address)) => of.address = Some(address.into()),
                (PlaceField::Point, Value::Point(fix)) => of.point = Some(fix.into()),
                (PlaceField::Hours, Value::Hours(hours)) => of.hours = values::spans(hours),
                (PlaceField::ShutDays, Value::ShutDays(shut)) => {
                    (of.shut_weekdays, of.shut_days) = values::shut(shut);
                }
                (PlaceField::Name, value) => of.name = text(value),
                (PlaceField::Phone, value) => of.phone = text(value),
                (PlaceField::ErpCode, value) => of.erp_code = text(value),
                (PlaceField::Instructions, value) => of.instructions = text(value),
                _ => {}
            }
        }
        Ok(part(found.into_values().collect(), offset, most))
    }

    /// Dates worth remembering: at most so many, from the one at `offset` on.
    pub fn dates(&self, client: ClientId, offset: u32, most: u32) -> Result<Vec<KeyDate>, CarteraError> {
        let mut found: BTreeMap<model::PartId, KeyDate> = BTreeMap::new();
        for (key, value) in self.fields(client)? {
            let Key::Date(id, field) = key else { continue };
            let of = found.entry(id).or_insert_with(|| KeyDate { id: id.into(), ..Default::default() });
            match (field, value) {
                (DateField::On, Value::Date(date)) => of.on = Some(date.into()),
                (DateField::Yearly, Value::Bool(yes)) => of.yearly = yes,
                (DateField::What, value) => of.what = text(value),
                (DateField::Contact, value) => {
                    of.contact = text(value).and_then(|id| id.parse::<model::PartId>().ok()).map(Into::into);
                }
                _ => {}
            }
        }
        Ok(part(found.into_values().collect(), offset, most))
    }

    /// The id of a contact, a date or a delivery point that is about to be added.
    pub fn new_part_id(&self) -> Result<PartId, CarteraError> {
        self.shared.run(|engine| Ok(engine.new_part_id().into()))
    }

    /// The sections of the profile in which anything stands, and whether somebody should look at them again.
    pub fn sections(&self, client: ClientId) -> Result<Vec<SectionNow>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, engine| {
            let mut names = Names::new(conn);
            let mut section = |now: confirmed::SectionNow| {
                Ok(SectionNow {
                    section: now.section.into(),
                    keys: now.keys.iter().map(ToString::to_string).collect(),
                    confirmed_on: now.confirmed_on.map(Into::into),
                    confirmed_by: now.confirmed_by.map(Into::into),
                    confirmed_by_name: names.of(now.confirmed_by)?,
                    stale: now.stale,
                })
            };
            let found = confirmed::sections(conn, &client, engine.today()?)?;
            found.into_iter().map(&mut section).collect()
        })
    }

    /// 'Still right': all that stands in a section.
    pub fn confirm_section(&self, client: ClientId, section: ProfileSection) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        self.shared.run(|engine| Ok(engine.confirm_section(&client, section.into())?.into()))
    }
}

impl Clients {
    fn fields(&self, client: ClientId) -> Result<Vec<(Key, Value)>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| Ok(profile::of_client(conn, &client)?))
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        Value::Phone(phone) => Some(phone.raw),
        _ => None,
    }
}

macro_rules! sections {
    ($( $name:ident ),* $(,)?) => {
        impl From<Section> for ProfileSection {
            fn from(section: Section) -> Self {
                match section { $( Section::$name => Self::$name ),* }
            }
        }

        impl From<ProfileSection> for Section {
            fn from(section: ProfileSection) -> Self {
                match section { $( ProfileSection::$name => Self::$name ),* }
            }
        }
    };
}

sections! { Identity, Contact, People, Visiting, Deliveries, Terms, Dates }
