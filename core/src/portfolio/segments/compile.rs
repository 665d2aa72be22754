//! From a rule to SQL over the rows.

use std::fmt::Write as _;
use std::sync::Arc;

use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, params_from_iter};

use super::fields::{Column, Field, Sort};
use super::rule::{Condition, Join, Operator, Part, Rule, Test, Value};
use super::told::{Need, Told};
use crate::model::profile::Key;
use crate::model::{BusinessDate, ClientId, Currency, fold};
use crate::rows;

/// Case and accents folded; null stays null.
const FOLD: &str = "segment_fold";
/// What figures tell of a client: its id, and the place of what is needed.
const TOLD: &str = "segment_told";

/// A rule as a condition on the row `c` of `clients`, with what its parameters are.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    condition: String,
    parameters: Vec<Sql>,
    needs: Vec<Need>,
    today: BusinessDate,
}

impl Compiled {
    pub fn of(rule: &Rule, today: BusinessDate) -> Self {
        let mut compiled =
            Self { condition: String::new(), parameters: Vec::new(), needs: Vec::new(), today };
        compiled.condition = compiled.joined(rule.join, &rule.parts, Self::part);
        compiled
    }

    /// The ids of the clients that it takes in, those that were merged into another left out.
    pub fn clients(&self, conn: &Connection) -> rows::Result<Vec<ClientId>> {
        let told = Arc::new(Told::read(conn, &self.needs, self.today)?);
        let flags = FunctionFlags::SQLITE_UTF8
            | FunctionFlags::SQLITE_DETERMINISTIC
            | FunctionFlags::SQLITE_DIRECTONLY;
        conn.create_scalar_function(FOLD, 1, flags, |context| {
            Ok(context.get::<Option<String>>(0)?.map(|text| fold(&text).collect::<String>()))
        })?;
        conn.create_scalar_function(TOLD, 2, flags, move |context| {
            let (client, need): (ClientId, usize) = (context.get(0)?, context.get(1)?);
            Ok(told.of(need, &client))
        })?;
        let found = self.ids(conn);
        // What was told is of this moment alone.
        conn.remove_function(TOLD, 2)?;
        conn.remove_function(FOLD, 1)?;
        Ok(found?)
    }

    fn ids(&self, conn: &Connection) -> rusqlite::Result<Vec<ClientId>> {
        let sql = format!(
            "SELECT c.id FROM clients c WHERE c.alias_of IS NULL AND {} ORDER BY c.id",
            self.condition
        );
        let mut statement = conn.prepare(&sql)?;
        statement.query_map(params_from_iter(&self.parameters), |row| row.get(0))?.collect()
    }

    /// The number of a parameter as SQL names it.
    fn bind(&mut self, value: impl Into<Sql>) -> String {
        self.parameters.push(value.into());
        format!("?{}", self.parameters.len())
    }

    fn joined<T>(&mut self, join: Join, items: &[T], each: fn(&mut Self, &T) -> String) -> String {
        let items: Vec<String> = items.iter().map(|item| each(self, item)).collect();
        format!("({})", items.join(if join == Join::And { " AND " } else { " OR " }))
    }

    fn part(&mut self, part: &Part) -> String {
        self.joined(part.join, &part.conditions, Self::condition)
    }

    /// True or false, never null: so that `not` means what it says.
    fn condition(&mut self, condition: &Condition) -> String {
        let field = condition.field;
        if let Column::Keys(word) = field.column {
            return self.keys(word, &condition.test);
        }
        match &condition.test {
            Test::Empty { not } => {
                let value = self.value(field, None, condition.days);
                let sign = if *not { "!=" } else { "=" };
                format!("coalesce({value}, '') {sign} ''")
            }
            Test::In { not, values } => {
                let any: Vec<String> =
                    values.iter().map(|value| self.compare(condition, Operator::Equal, value)).collect();
                format!("{}({})", if *not { "NOT " } else { "" }, any.join(" OR "))
            }
            Test::Compare(operator, value) => self.compare(condition, *operator, value),
        }
    }

    fn compare(&mut self, condition: &Condition, operator: Operator, value: &Value) -> String {
        let field = condition.field;
        let currency = match value {
            Value::Money(money) => Some(money.currency),
            _ => None,
        };
        let column = self.value(field, currency, condition.days);
        let bound = self.bind(sql(value));
        let column = if field.sort == Sort::Text { format!("{FOLD}({column})") } else { column };
        test(&column, operator, &bound)
    }

    /// The value of a field that has one.
    fn value(&mut self, field: &'static Field, currency: Option<Currency>, days: Option<u32>) -> String {
        match field.column {
            Column::Client(column) => column.to_owned(),
            Column::DaysSince(other) => {
                let date = self.date(other);
                let today = self.bind(i64::from(self.today.days()));
                format!("({today} - {date})")
            }
            Column::DaysUntil(other) => {
                let date = self.date(other);
                let today = self.bind(i64::from(self.today.days()));
                format!("({date} - {today})")
            }
            Column::Figure(_)
            | Column::LifeCycle
            | Column::Payment(_)
            | Column::Fact(..)
            | Column::Within(_)
            | Column::Revenue => {
                let need = Need { field, currency, days };
                let place = self.needs.iter().position(|known| *known == need).unwrap_or_else(|| {
                    self.needs.push(need);
                    self.needs.len() - 1
                });
                let place = self.bind(place as i64);
                format!("{TOLD}(c.id, {place})")
            }
            // Has several; its caller asks otherwise.
            Column::Keys(_) => "NULL".to_owned(),
        }
    }

    /// The date in a field of that name.
    fn date(&mut self, name: &str) -> String {
        Field::named(name).map_or_else(|| "NULL".to_owned(), |field| self.value(field, None, None))
    }

    /// Of tags and preferences: whether any of them is so.
    fn keys(&mut self, word: &'static str, test_: &Test) -> String {
        let mut any = |condition: Option<(Operator, &Value)>| {
            let from = self.bind(format!("{word}/"));
            let to = self.bind(format!("{word}0")); // the character after the slash
            let mut sql = format!(
                "EXISTS (SELECT 1 FROM fields k WHERE k.doc = c.doc AND k.key > {from} AND k.key < {to} AND k.live = 1"
            );
            if let Some((operator, Value::Text(text))) = condition {
                // Under what slug such a label stands.
                let slug = Key::slug(text).unwrap_or_default();
                let bound = self.bind(slug);
                let begins = word.len() + 2;
                let told = test(&format!("substr(k.key, {begins})"), operator, &bound);
                let _ = write!(sql, " AND {told}");
            }
            sql.push(')');
            sql
        };
        match test_ {
            Test::Empty { not: true } => any(None),
            Test::Empty { not: false } => format!("NOT {}", any(None)),
            Test::Compare(Operator::NotEqual, value) => {
                format!("NOT {}", any(Some((Operator::Equal, value))))
            }
            Test::Compare(operator, value) => any(Some((*operator, value))),
            Test::In { not, values } => {
                let each: Vec<String> =
                    values.iter().map(|value| any(Some((Operator::Equal, value)))).collect();
                format!("{}({})", if *not { "NOT " } else { "" }, each.join(" OR "))
            }
        }
    }
}

fn test(column: &str, operator: Operator, bound: &str) -> String {
    match operator {
        Operator::Equal => format!("{column} IS {bound}"),
        Operator::NotEqual => format!("{column} IS NOT {bound}"),
        Operator::Contains => format!("coalesce(instr({column}, {bound}) > 0, 0)"),
        Operator::Begins => format!("coalesce(substr({column}, 1, length({bound})) = {bound}, 0)"),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            format!("coalesce({column} {} {bound}, 0)", operator.as_str())
        }
    }
}

fn sql(value: &Value) -> Sql {
    match value {
        Value::Text(text) => Sql::Text(fold(text).collect()),
        Value::Word(word) => Sql::Text((*word).to_owned()),
        Value::Number(number) if number.scale() == 0 => Sql::Integer(number.mantissa()),
        // Nothing that is compared has more digits than a float.
        Value::Number(number) => Sql::Real(number.to_string().parse().unwrap_or(f64::NAN)),
        Value::Date(date) => Sql::Integer(date.days().into()),
        Value::Money(money) => Sql::Integer(money.minor),
    }
}
