//! Who may be written to for marketing.

use cartera_core::model::ClientId;
use cartera_core::model::profile::{ClientField, Value as Field};
use cartera_core::model::record::{Channel, Evidence, LegalBasis};

use super::common::about_a_client;
use crate::export::column::Column;
use crate::export::rows::{About, Audience, Audiences, client_field, part_field};
use crate::export::value::{Type, Value};

type A = Column<Audiences>;

const CLIENT: [A; 5] = about_a_client!(Audiences, |r| r);

pub(super) const AUDIENCES: &[A] = &[
    A::new(
        "id",
        Type::Id,
        "Client, contact if it is one, and channel, with slashes between",
        "Cliente, contacto si lo es, y canal, con barras",
        |r| r.id().into(),
    )
    .required(),
    CLIENT[0].required(),
    CLIENT[1],
    CLIENT[2],
    CLIENT[3].required(),
    CLIENT[4],
    A::new("closed", Type::Boolean, "The client is closed (baja)", "Cliente de baja", |r| {
        r.stored.closed.into()
    })
    .required(),
    A::new(
        "contact_id",
        Type::Id,
        "The contact; missing: the client as a whole",
        "Contacto; falta: el cliente",
        |r| r.stored.contact.into(),
    ),
    A::new("contact_name", Type::Text, "The contact's name", "Nombre del contacto", |r| {
        r.contact_text("name").into()
    }),
    A::new("language", Type::Text, "In which to write (BCP 47)", "Idioma", |r| {
        r.contact_text("language").or_else(|| r.client_text(ClientField::Language)).into()
    }),
    A::new(
        "channel",
        Type::Word,
        "phone, email, message or post",
        "phone (teléfono), email (correo), message (mensaje) o post (carta)",
        |r| r.stored.channel.as_str().into(),
    )
    .required(),
    A::new(
        "address",
        Type::Text,
        "Number, mail address or street of that channel",
        "Número, correo o dirección",
        |r| r.address().into(),
    )
    .required(),
    A::new(
        "basis",
        Type::Word,
        "Legal basis: consent, legitimate_interest, contract or prior_purchase",
        "Base jurídica",
        |r| r.stored.standing.consent.basis.map(LegalBasis::as_str).into(),
    ),
    A::new("basis_since", Type::Date, "Since when it stands", "Desde cuándo consta", |r| {
        r.stored.standing.date.into()
    })
    .required(),
    A::new("evidence", Type::Word, "How it came to us", "Prueba", |r| {
        r.stored.standing.consent.evidence.map(Evidence::as_str).into()
    }),
    A::new("wording", Type::Text, "The wording that was shown", "Texto mostrado", |r| {
        r.stored.standing.consent.wording.as_deref().into()
    }),
    A::new("consent_id", Type::Id, "The record that says so", "Registro donde consta", |r| {
        r.stored.standing.record.into()
    })
    .required(),
    A::new(
        "deleted",
        Type::Boolean,
        "Never: read the whole list each time, and write to nobody who is not in it",
        "Nunca: lee cada vez la lista entera y no escribas a quien no esté",
        |_| false.into(),
    )
    .required(),
];

impl Audience<'_> {
    fn id(&self) -> String {
        let client = ClientId::from_bytes(self.stored.document);
        let contact = self.stored.contact.map(|contact| format!("{contact}/")).unwrap_or_default();
        format!("{client}/{contact}{}", self.stored.channel.as_str())
    }

    fn contact_text(&self, name: &str) -> Option<String> {
        match part_field(self.stored.profile, "contact", &self.stored.contact?.to_string(), name)? {
            Field::Text(text) => Some(text),
            _ => None,
        }
    }

    fn client_text(&self, field: ClientField) -> Option<String> {
        match client_field(self.stored.profile, field)? {
            Field::Text(text) => Some(text),
            _ => None,
        }
    }

    fn phone(&self, names: &[(&str, ClientField)]) -> Option<String> {
        let found = names.iter().find_map(|(name, field)| match self.stored.contact {
            Some(contact) => part_field(self.stored.profile, "contact", &contact.to_string(), name),
            None => client_field(self.stored.profile, *field),
        });
        match found? {
            Field::Phone(phone) => Some(phone.e164.unwrap_or(phone.raw)),
            _ => None,
        }
    }

    /// Where it can be sent; who has no such address is in no audience.
    pub(in crate::export) fn address(&self) -> Option<String> {
        let (mobile, phone) = (("mobile", ClientField::Mobile), ("phone", ClientField::Phone));
        match self.stored.channel {
            Channel::Phone => self.phone(&[phone, mobile]),
            Channel::Message => self.phone(&[mobile]),
            Channel::Email if self.stored.contact.is_some() => self.contact_text("email"),
            Channel::Email => self.client_text(ClientField::Email),
            // Contacts have no street of their own.
            Channel::Post if self.stored.contact.is_none() => {
                match client_field(self.stored.profile, ClientField::Address)? {
                    Field::Address(a) => Some(a.line()).filter(|line| !line.is_empty()),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}
