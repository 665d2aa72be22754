//! What a batch refers to, and what is there already.

use std::collections::BTreeSet;

use super::Import;
use crate::import::ImportError;
use crate::import::check::Prepared;
use crate::import::finding::{Code, Finding, Severity, quote};
use crate::import::profile;
use crate::import::record::{Answered, OfficeRecord, Record};
use crate::import::target::{Reference, Staged, Standing};

impl Import<'_> {
    /// Sets items aside whose client is unknown, and warns of articles and territories.
    pub(super) fn drop_unknown(&mut self, pending: &mut Vec<Prepared>) -> Result<(), ImportError> {
        let mut unknown = BTreeSet::new();
        for what in [Reference::Client, Reference::Article, Reference::Territory] {
            let wanted =
                pending.iter().flat_map(|prepared| &prepared.wanted).filter(|wanted| wanted.what == what);
            let keys: BTreeSet<&str> = wanted.map(|wanted| wanted.key.as_str()).collect();
            let keys: Vec<&str> = keys.into_iter().collect();
            if keys.is_empty() {
                continue;
            }
            let known = self.target.known(what, &self.mapping.source, &keys)?;
            let missing = keys.iter().zip(known).filter(|(_, known)| !known);
            unknown.extend(missing.map(|(key, _)| (what, (*key).to_owned())));
        }
        if unknown.is_empty() {
            return Ok(());
        }
        pending.retain_mut(|prepared| {
            let mut is_kept = true;
            for wanted in &prepared.wanted {
                if !unknown.contains(&(wanted.what, wanted.key.clone())) {
                    continue;
                }
                let code = match wanted.what {
                    Reference::Client => Code::UnknownClient,
                    Reference::Article => Code::UnknownArticle,
                    Reference::Territory => Code::UnknownTerritory,
                };
                is_kept &= code.severity() == Severity::Warning;
                let bound = self.bound.fields.iter().find(|bound| bound.field.name == wanted.field);
                self.findings.add(Finding {
                    row: wanted.row,
                    column: bound.and_then(|bound| bound.column),
                    field: Some(wanted.field),
                    value: quote(&wanted.key),
                    code,
                    detail: None,
                });
            }
            if !is_kept {
                self.set_aside(prepared.rows);
            }
            is_kept
        });
        // A row of an unknown territory says nothing of the territory.
        for prepared in pending {
            if let Record::Client(client) = &mut prepared.record {
                let is_unknown = |code: &String| unknown.contains(&(Reference::Territory, code.clone()));
                client.row.territory = client.row.territory.take().filter(|code| !is_unknown(code));
            }
        }
        Ok(())
    }

    pub(super) fn clients(&mut self, mut pending: Vec<Prepared>) -> Result<Vec<Staged>, ImportError> {
        self.drop_erased(&mut pending)?;
        let ids: Vec<&str> = pending.iter().map(|prepared| prepared.record.key()).collect();
        let last =
            if ids.is_empty() { Vec::new() } else { self.target.last_rows(&self.mapping.source, &ids)? };
        let mut staged = Vec::new();
        for (prepared, last) in pending.into_iter().zip(last) {
            let Record::Client(mut client) = prepared.record else { continue };
            for key in std::mem::take(&mut client.unsaid) {
                if let Some(value) = last.as_ref().and_then(|last| last.profile.get(&key)) {
                    client.row.profile.insert(key, value.clone());
                }
            }
            let change = profile::compare(last.as_ref(), &client.row, &self.covered, self.mapping.empty);
            match (&last, change.is_empty()) {
                (None, _) => self.counts.new += 1,
                (Some(_), false) => self.counts.changed += 1,
                (Some(_), true) => {
                    self.counts.unchanged += 1;
                    continue;
                }
            }
            staged.push(Staged::Client { id: client.id, change });
        }
        Ok(staged)
    }

    /// Sets clients aside that were erased here and must not come back.
    fn drop_erased(&mut self, pending: &mut Vec<Prepared>) -> Result<(), ImportError> {
        let ids: Vec<&str> = pending.iter().map(|prepared| prepared.record.key()).collect();
        let erased = self.target.erased(&self.mapping.source, &ids)?;
        if !erased.contains(&true) {
            return Ok(());
        }
        let mut erased = erased.into_iter();
        pending.retain(|prepared| {
            if !erased.next().unwrap_or(false) {
                return true;
            }
            let field = self.bound.fields.first();
            self.findings.add(Finding {
                row: prepared.row,
                column: field.and_then(|field| field.column),
                field: field.map(|field| field.field.name),
                value: quote(prepared.record.key()),
                code: Code::Erased,
                detail: None,
            });
            self.set_aside(prepared.rows);
            false
        });
        Ok(())
    }

    /// Answers that are not there yet. One that is there and says something else is set aside: nobody changes what
    /// somebody answered.
    pub(super) fn answers(&mut self, pending: Vec<Prepared>) -> Result<Vec<Staged>, ImportError> {
        let mut answers = Vec::with_capacity(pending.len());
        for Prepared { record, row, rows, .. } in pending {
            if let Record::Answer(answered) = record {
                answers.push((answered, row, rows));
            }
        }
        let by_reference: Vec<&Answered> = answers.iter().map(|(answered, ..)| answered).collect();
        let standing = match by_reference.as_slice() {
            [] => Vec::new(),
            answers => self.target.answered(&self.mapping.source, answers)?,
        };
        let mut staged = Vec::new();
        for ((answered, row, rows), standing) in answers.into_iter().zip(standing) {
            match standing {
                Standing::New => {
                    self.counts.new += 1;
                    staged.push(Staged::Answer(answered));
                }
                Standing::Same => self.counts.unchanged += 1,
                Standing::Changed => {
                    let field = self.bound.fields.first();
                    self.findings.add(Finding {
                        row,
                        column: field.and_then(|field| field.column),
                        field: field.map(|field| field.field.name),
                        value: quote(&answered.id),
                        code: Code::AnswerDiffers,
                        detail: None,
                    });
                    self.set_aside(rows);
                }
            }
        }
        Ok(staged)
    }

    pub(super) fn office(&mut self, pending: Vec<Prepared>) -> Result<Vec<Staged>, ImportError> {
        let mut records = Vec::with_capacity(pending.len());
        let mut beside = Vec::new();
        for prepared in pending {
            if let Record::Office(record) = prepared.record {
                records.push(record);
            }
            beside.extend(prepared.beside.filter(|record| self.beside.insert(record.key.clone())));
        }
        let count = records.len();
        records.append(&mut beside);
        let by_reference: Vec<&OfficeRecord> = records.iter().collect();
        let standing = match by_reference.as_slice() {
            [] => Vec::new(),
            records => self.target.standing(&self.mapping.source, records)?,
        };
        let mut staged = Vec::new();
        for (index, (record, standing)) in records.into_iter().zip(standing).enumerate() {
            let own = u64::from(index < count);
            match standing {
                Standing::New => self.counts.new += own,
                Standing::Changed => self.counts.changed += own,
                Standing::Same => {
                    self.counts.unchanged += own;
                    continue;
                }
            }
            staged.push(Staged::Office(record));
        }
        Ok(staged)
    }
}
