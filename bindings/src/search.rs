//! Finding: as somebody types, around a place, and who may be the same.

use std::sync::Arc;

use cartera_core::portfolio::{duplicates, nearby};
use cartera_core::query::{catalogue, clients};

use crate::shared::{Shared, limit};
use crate::{ArticleRow, CarteraError, ClientId, ClientRow, Likeness, Point};

/// Search.
#[derive(Debug, uniffi::Object)]
pub struct Search {
    pub(crate) shared: Arc<Shared>,
}

#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct NearbyClient {
    pub client: ClientId,
    pub name: String,
    pub place: Point,
    /// As the crow flies.
    pub metres: f64,
}

/// What is known of somebody who is about to be added.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Looks {
    pub name: String,
    #[uniffi(default = None)]
    pub tax_id: Option<String>,
    #[uniffi(default = None)]
    pub phone: Option<String>,
    #[uniffi(default = None)]
    pub email: Option<String>,
    #[uniffi(default = None)]
    pub city: Option<String>,
    #[uniffi(default = None)]
    pub place: Option<Point>,
}

/// A client who may be the one that is about to be added.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LikelyDuplicate {
    pub client: ClientId,
    pub name: String,
    /// The more the likelier.
    pub weight: u32,
    pub reasons: Vec<Likeness>,
}

/// Two clients of the portfolio who may be one.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LikelyPair {
    pub one: ClientId,
    pub other: ClientId,
    pub weight: u32,
    pub reasons: Vec<Likeness>,
}

#[uniffi::export]
impl Search {
    /// Clients in whose name, city, codes, contacts or numbers every typed word begins a word; accents and case folded.
    /// Nothing typed: all by name.
    pub fn clients(&self, typed: String, most: u32) -> Result<Vec<ClientRow>, CarteraError> {
        self.shared.read(|conn, _| {
            Ok(clients::search(conn, &typed, limit(most))?.into_iter().map(Into::into).collect())
        })
    }

    /// Clients with every typed word somewhere in one note.
    pub fn notes(&self, typed: String, most: u32) -> Result<Vec<ClientRow>, CarteraError> {
        self.shared.read(|conn, _| {
            Ok(clients::search_notes(conn, &typed, limit(most))?.into_iter().map(Into::into).collect())
        })
    }

    /// Articles on sale by code, name, family or barcode.
    pub fn articles(&self, typed: String, most: u32) -> Result<Vec<ArticleRow>, CarteraError> {
        self.shared.read(|conn, _| {
            Ok(catalogue::search(conn, &typed, limit(most))?.into_iter().map(Into::into).collect())
        })
    }

    /// Open clients around a place, the nearest first.
    pub fn nearby(&self, around: Point, within_m: f64, most: u32) -> Result<Vec<NearbyClient>, CarteraError> {
        self.shared.read(|conn, _| {
            let found = nearby::clients(conn, around.near(), within_m, limit(most))?;
            let near = |near: nearby::Nearby| NearbyClient {
                client: near.client.into(),
                name: near.name,
                place: Point {
                    latitude: near.point.latitude,
                    longitude: near.point.longitude,
                    accuracy_m: None,
                },
                metres: near.metres,
            };
            Ok(found.into_iter().map(near).collect())
        })
    }

    /// Who may be the one that is about to be added, the likeliest first.
    pub fn like(&self, looks: Looks, most: u32) -> Result<Vec<LikelyDuplicate>, CarteraError> {
        let looks = duplicates::Looks {
            name: looks.name,
            tax_id: looks.tax_id,
            phone: looks.phone,
            email: looks.email,
            city: looks.city,
            point: looks.place.map(Point::near),
        };
        self.shared.read(|conn, _| {
            let like = |like: duplicates::Like| LikelyDuplicate {
                client: like.client.into(),
                name: like.name,
                weight: like.weight,
                reasons: like.reasons.into_iter().map(Into::into).collect(),
            };
            Ok(duplicates::like(conn, &looks, limit(most))?.into_iter().map(like).collect())
        })
    }

    /// Clients of the portfolio who may be one, the likeliest first.
    pub fn likely_pairs(&self, most: u32) -> Result<Vec<LikelyPair>, CarteraError> {
        self.shared.read(|conn, engine| {
            let pair = |pair: duplicates::Pair| LikelyPair {
                one: pair.one.into(),
                other: pair.other.into(),
                weight: pair.weight,
                reasons: pair.reasons.into_iter().map(Into::into).collect(),
            };
            let pairs = duplicates::pairs(conn, engine.today()?, limit(most))?;
            Ok(pairs.into_iter().map(pair).collect())
        })
    }
}
