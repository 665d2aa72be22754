//! What is asked of an export, as the address says it.

use std::fmt;
use std::sync::Arc;

use cartera_core::model::{BusinessDate, PersonId, TerritoryId};
use cartera_core::rows::relations::Part;

use super::cursor::Cursor;
use super::filter::Filter;
use super::format::{Format, Profile};
use super::resources::{RESOURCES, Resource, Source};

/// Resources of one workbook.
pub(super) const RESOURCES_MAX: usize = RESOURCES.len();

/// Values of one list: territories, reps, words.
pub(super) const LIST_MAX: usize = 200;

/// Which changes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// All that there is, and tell it as changes are told.
    Start,
    Cursor(Cursor),
}

/// An export that somebody wants.
#[derive(Debug, Clone)]
pub struct Query {
    pub resource: &'static Resource,
    pub format: Format,
    /// Places in [`Resource::columns`], in the order in which they are wanted; all if it is empty.
    pub columns: Vec<usize>,
    /// First business date.
    pub from: Option<BusinessDate>,
    /// The business date after the last one.
    pub to: Option<BusinessDate>,
    /// Of the client, now. No territories: all of them.
    pub territories: Vec<TerritoryId>,
    /// Who wrote it.
    pub reps: Vec<PersonId>,
    /// Words of the resource's status column.
    pub statuses: Vec<String>,
    pub since: Option<Since>,
    /// Of these clients alone, and of what is about none; `None`: of everybody.
    pub(super) whom: Option<Arc<Part>>,
    /// Of rows as a whole; never together with `since`.
    pub(super) filter: Option<Filter>,
    /// Of figures: as things stood at the end of this day; otherwise on the day of the log's last entry.
    pub as_of: Option<BusinessDate>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("there is no '{name}' to export; there is {}", names())]
    Resource { name: String },
    #[error("'{extension}' is no format of the export; there is {}", Format::EXTENSIONS.join(", "))]
    Format { extension: String },
    #[error("only xlsx holds several resources; ask for each of them alone")]
    Several,
    #[error("a workbook has at most {RESOURCES_MAX} resources, each of them once")]
    TooMany,
    #[error("{resource} has no parameter '{name}'")]
    Parameter { resource: &'static str, name: String },
    #[error("{name}: {expected}")]
    Value { name: &'static str, expected: String },
}

impl QueryError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Resource { .. } | Self::Format { .. } => "not_found",
            Self::Several | Self::TooMany | Self::Parameter { .. } | Self::Value { .. } => "malformed",
        }
    }
}

fn names() -> String {
    RESOURCES.iter().map(|resource| resource.name).collect::<Vec<_>>().join(", ")
}

impl Query {
    /// Everything of a resource.
    pub fn all(resource: &'static Resource, format: Format) -> Self {
        Self {
            resource,
            format,
            columns: Vec::new(),
            from: None,
            to: None,
            territories: Vec::new(),
            reps: Vec::new(),
            statuses: Vec::new(),
            since: None,
            whom: None,
            filter: None,
            as_of: None,
        }
    }

    /// `file` is a resource's name, a point, and a format.
    pub fn parse<'p>(
        file: &str,
        parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
    ) -> Result<Self, QueryError> {
        let (name, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let resource = Resource::find(name)
            .ok_or_else(|| QueryError::Resource { name: name.chars().take(40).collect() })?;
        let format = extension
            .parse()
            .map_err(|()| QueryError::Format { extension: extension.chars().take(40).collect() })?;
        let mut query = Self::all(resource, format);
        for (name, value) in parameters {
            query.set(name, value)?;
        }
        if let (Some(from), Some(to)) = (query.from, query.to)
            && from > to
        {
            let expected = format!("{from} or later, since it begins `from` then");
            return Err(QueryError::Value { name: "to", expected });
        }
        Ok(query)
    }

    /// The same for several resources with commas between their names, as sheets of one workbook. What is asked holds for
    /// each of them: a parameter that one does not have is refused.
    pub fn parse_several<'p>(
        file: &str,
        parameters: impl IntoIterator<Item = (&'p str, &'p str)> + Clone,
    ) -> Result<Vec<Self>, QueryError> {
        let (names, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        let mut queries: Vec<Self> = Vec::new();
        for name in names.split(',') {
            if queries.len() == RESOURCES_MAX {
                return Err(QueryError::TooMany);
            }
            let query = Self::parse(&format!("{name}.{extension}"), parameters.clone())?;
            if queries.iter().any(|other| std::ptr::eq(other.resource, query.resource)) {
                return Err(QueryError::TooMany);
            }
            if !queries.is_empty() && query.format != Format::Xlsx {
                return Err(QueryError::Several);
            }
            queries.push(query);
        }
        Ok(queries)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        let dated = self.resource.date.is_some();
        match name {
            "columns" => self.set_columns(value),
            "profile" if matches!(self.format, Format::Csv(_)) => {
                let profile = Profile::parse(value);
                let expected = || {
                    wrong("profile", format!("{} or {}", Profile::Machine.name(), Profile::ExcelEs.name()))
                };
                self.format = Format::Csv(profile.ok_or_else(expected)?);
                Ok(())
            }
            "from" if dated => date("from", value).map(|date| self.from = Some(date)),
            "to" if dated => date("to", value).map(|date| self.to = Some(date)),
            "as_of" if self.resource.is_figures() => date("as_of", value).map(|date| self.as_of = Some(date)),
            "territory" if self.resource.has("territory_id") => {
                list("territory", &mut self.territories, value, |text| text.parse().ok())
            }
            "rep" if self.resource.has("author_id") => {
                list("rep", &mut self.reps, value, |text| text.parse().ok())
            }
            "status" if self.resource.status.is_some() => {
                list("status", &mut self.statuses, value, |text| Some(text.to_owned()))
            }
            "since" if !self.resource.present => {
                self.since = Some(if value == "start" {
                    Since::Start
                } else {
                    Since::Cursor(value.parse().map_err(|error| wrong("since", error))?)
                });
                Ok(())
            }
            _ => Err(QueryError::Parameter {
                resource: self.resource.name,
                name: name.chars().take(40).collect(),
            }),
        }
    }

    /// The same as of `today` where it is of figures and no day was asked for, or of what holds now.
    pub fn as_of_unless_asked(mut self, today: BusinessDate) -> Self {
        if self.resource.is_figures() || self.resource.present {
            self.as_of.get_or_insert(today);
        }
        self
    }

    /// The same of the clients whom somebody sees; `None`: of everybody.
    pub(super) fn among(self, whom: Option<Arc<Part>>) -> Self {
        Self { whom, ..self }
    }

    pub(super) fn set_columns(&mut self, value: &str) -> Result<(), QueryError> {
        let all = self.resource.columns();
        for name in value.split(',').map(str::trim) {
            let Some(place) = all.iter().position(|column| column.name == name) else {
                let name: String = name.chars().take(40).collect();
                return Err(wrong("columns", format!("{} has no column '{name}'", self.resource.name)));
            };
            if self.columns.contains(&place) {
                return Err(wrong("columns", format!("'{name}' stands there twice")));
            }
            self.columns.push(place);
        }
        Ok(())
    }

    /// Whether a row can say that a client was erased and all of its rows with it, as far as any are about a client.
    pub(super) fn tells_erased(&self) -> bool {
        let columns = self.resource.columns();
        let needed = match &self.resource.source {
            Source::Clients(_) | Source::Aliases(_) => ["id", "deleted"],
            _ if self.resource.is_about_clients() => ["client_id", "deleted"],
            _ => return true,
        };
        let chosen =
            |name| self.columns.iter().any(|place| columns.get(*place).is_some_and(|c| c.name == name));
        self.columns.is_empty() || needed.into_iter().all(chosen)
    }

    /// As it is remembered in an entity tag: two queries with the same text give the same rows in the same bytes.
    pub(super) fn canonical(&self) -> String {
        format!("{self:?}")
    }
}

fn wrong(name: &'static str, expected: impl fmt::Display) -> QueryError {
    QueryError::Value { name, expected: expected.to_string() }
}

fn date(name: &'static str, value: &str) -> Result<BusinessDate, QueryError> {
    value.parse().map_err(|error| wrong(name, error))
}

fn list<T>(
    name: &'static str,
    to: &mut Vec<T>,
    value: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<(), QueryError> {
    for text in value.split(',').map(str::trim) {
        if to.len() == LIST_MAX {
            return Err(wrong(name, format!("at most {LIST_MAX} values")));
        }
        to.push(parse(text).ok_or_else(|| wrong(name, "ids of 26 characters, with commas between"))?);
    }
    Ok(())
}
