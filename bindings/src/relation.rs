//! How the relation with a client stands: closed and open again, data confirmed, agreements, answers, consent, how it is
//! looked after.

use cartera_core::model::record;
use cartera_core::rows::consents;

use crate::shared::Answer;
use crate::values::each;
use crate::{
    Asked, BusinessDate, CarteraError, Channel, ClientId, Clients, ConsentDecision, Decimal, Evidence,
    LegalBasis, Likeness, LossReason, Mode, Money, PartId, RecordId, Renewal, Saved, Survey,
};

/// The last word on a channel.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Consent {
    pub decision: ConsentDecision,
    /// Missing: every channel.
    #[uniffi(default = None)]
    pub channel: Option<Channel>,
    #[uniffi(default = None)]
    pub basis: Option<LegalBasis>,
    /// Missing: the client as a whole.
    #[uniffi(default = None)]
    pub contact: Option<PartId>,
    #[uniffi(default = None)]
    pub evidence: Option<Evidence>,
    #[uniffi(default = None)]
    pub wording: Option<String>,
    #[uniffi(default = None)]
    pub note: Option<String>,
}

/// An agreement with an end (*acuerdo comercial*).
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Agreement {
    pub title: String,
    pub from: BusinessDate,
    /// Last day on which it holds; missing for one without end.
    #[uniffi(default = None)]
    pub until: Option<BusinessDate>,
    /// What the client is to buy while it holds.
    #[uniffi(default = None)]
    pub volume: Option<Money>,
    #[uniffi(default = None)]
    pub renewal: Option<Renewal>,
    /// Days before the end by which either side must speak.
    #[uniffi(default = None)]
    pub notice_days: Option<u32>,
    #[uniffi(default = None)]
    pub notes: Option<String>,
}

/// What a client answered when asked how content it is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SurveyAnswer {
    pub survey: Survey,
    pub asked: Asked,
    /// One, but for a survey of several questions.
    pub answers: Vec<SurveyScore>,
    /// The profile's contact who answered.
    #[uniffi(default = None)]
    pub contact: Option<PartId>,
    #[uniffi(default = None)]
    pub comment: Option<String>,
    /// Key of the questionnaire or campaign.
    #[uniffi(default = None)]
    pub campaign: Option<String>,
}

/// NPS from 0 to 10, CSAT from 1 to 5, CSI from 1 to 10 or to `highest`.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SurveyScore {
    pub score: u32,
    /// The questionnaire's key of the question; only where there are several.
    #[uniffi(default = None)]
    pub question: Option<String>,
    #[uniffi(default = None)]
    pub highest: Option<u32>,
    /// Missing for 1.
    #[uniffi(default = None)]
    pub weight: Option<Decimal>,
}

#[uniffi::export]
impl Clients {
    /// *Baja*, with its reason.
    pub fn close_down(
        &self,
        client: ClientId,
        reason: LossReason,
        note: Option<String>,
        competitor: Option<String>,
    ) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let closed = record::ClientClosed { note, competitor, ..record::ClientClosed::new(reason.into()) };
        self.shared.run(|engine| Ok(engine.close_client(&client, closed)?.into()))
    }

    /// Takes every closure back.
    pub fn reopen(&self, client: ClientId) -> Result<Vec<Saved>, CarteraError> {
        let client = client.read()?;
        self.shared.run(|engine| Ok(engine.reopen_client(&client)?.into_iter().map(Into::into).collect()))
    }

    /// 'Still right': those fields of the profile, or all of them where none is named.
    pub fn confirm_data(&self, client: ClientId, fields: Vec<String>) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let confirmed = record::DataConfirmed { fields, ..record::DataConfirmed::all() };
        self.shared.run(|engine| Ok(engine.confirm_data(&client, confirmed)?.into()))
    }

    /// Two clients are one: proposed to the office.
    pub fn propose_merge(
        &self,
        client: ClientId,
        other: ClientId,
        keep_other: bool,
        likeness: Vec<Likeness>,
    ) -> Result<Saved, CarteraError> {
        let (client, other) = (client.read()?, other.read()?);
        let likeness = likeness.into_iter().map(Into::into).collect();
        let proposal = record::MergeProposal::new(other, keep_other, likeness);
        self.shared.run(|engine| Ok(engine.propose_merge(&client, proposal)?.into()))
    }

    /// What the client allows or forbids.
    pub fn record_consent(&self, client: ClientId, consent: Consent) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let contact = consent.contact.map(|contact| contact.read()).transpose()?;
        let said = record::Consent {
            decision: consent.decision.into(),
            basis: consent.basis.map(Into::into),
            contact,
            evidence: consent.evidence.map(Into::into),
            wording: consent.wording,
            note: consent.note,
            ..record::Consent::opposed(consent.channel.map(Into::into))
        };
        self.shared.run(|engine| Ok(engine.record_consent(&client, said)?.into()))
    }

    /// For each channel and contact the latest word.
    pub fn consents(&self, client: ClientId) -> Result<Vec<Consent>, CarteraError> {
        let client = client.read()?;
        self.shared.read(|conn, _| {
            let words = consents::of_client(conn, &client)?;
            Ok(words.into_iter().map(|word| word.consent.into()).collect())
        })
    }

    pub fn agree(&self, client: ClientId, agreement: Agreement) -> Result<Saved, CarteraError> {
        let (client, agreement) = (client.read()?, agreement.read()?);
        self.shared.run(|engine| Ok(engine.agree(&client, agreement)?.into()))
    }

    /// An agreement that takes the place of an older one, whose end needs no more attention.
    pub fn renew_agreement(
        &self,
        client: ClientId,
        older: RecordId,
        agreement: Agreement,
    ) -> Result<Saved, CarteraError> {
        let (client, older, agreement) = (client.read()?, older.read()?, agreement.read()?);
        self.shared.run(|engine| Ok(engine.renew_agreement(&client, older, agreement)?.into()))
    }

    /// What the client answered to a survey.
    pub fn record_answer(&self, client: ClientId, answer: SurveyAnswer) -> Result<Saved, CarteraError> {
        let (client, answer) = (client.read()?, answer.read()?);
        self.shared.run(|engine| Ok(engine.record_answer(&client, answer)?.into()))
    }

    /// How the client is to be looked after from now on, whatever its figures say, and why; missing: as they say again.
    pub fn choose_mode(
        &self,
        client: ClientId,
        mode: Option<Mode>,
        reason: String,
    ) -> Result<Saved, CarteraError> {
        let client = client.read()?;
        let choice = record::ModeChoice::new(mode.map(Into::into), reason);
        self.shared.run(|engine| Ok(engine.choose_mode(&client, choice)?.into()))
    }
}

impl Agreement {
    fn read(self) -> Answer<record::Agreement> {
        let until = self.until.map(BusinessDate::read).transpose()?;
        Ok(record::Agreement {
            volume: self.volume.map(|volume| volume.read()).transpose()?,
            renewal: self.renewal.map(Into::into),
            notice_days: self.notice_days,
            notes: self.notes,
            ..record::Agreement::new(self.title, self.from.read()?, until)
        })
    }
}

impl From<record::Agreement> for Agreement {
    fn from(agreement: record::Agreement) -> Self {
        Self {
            title: agreement.title,
            from: agreement.from.into(),
            until: agreement.until.map(Into::into),
            volume: agreement.volume.map(Into::into),
            renewal: agreement.renewal.map(Into::into),
            notice_days: agreement.notice_days,
            notes: agreement.notes,
        }
    }
}

impl SurveyAnswer {
    fn read(self) -> Answer<record::SurveyAnswer> {
        let score = |of: SurveyScore| {
            let weight = of.weight.map(|weight| weight.read()).transpose()?;
            let (question, highest) = (of.question, of.highest);
            Ok(record::Answer { question, highest, weight, ..record::Answer::new(of.score) })
        };
        let answers = each(self.answers, score)?;
        Ok(record::SurveyAnswer {
            contact: self.contact.map(|contact| contact.read()).transpose()?,
            comment: self.comment,
            campaign: self.campaign,
            ..record::SurveyAnswer::new(self.survey.into(), self.asked.into(), answers)
        })
    }
}

impl From<record::SurveyAnswer> for SurveyAnswer {
    fn from(answer: record::SurveyAnswer) -> Self {
        let score = |of: record::Answer| SurveyScore {
            score: of.score,
            question: of.question,
            highest: of.highest,
            weight: of.weight.map(Into::into),
        };
        Self {
            survey: answer.survey.into(),
            asked: answer.asked.into(),
            answers: answer.answers.into_iter().map(score).collect(),
            contact: answer.contact.map(Into::into),
            comment: answer.comment,
            campaign: answer.campaign,
        }
    }
}

impl From<record::Consent> for Consent {
    fn from(consent: record::Consent) -> Self {
        Self {
            decision: consent.decision.into(),
            channel: consent.channel.map(Into::into),
            basis: consent.basis.map(Into::into),
            contact: consent.contact.map(Into::into),
            evidence: consent.evidence.map(Into::into),
            wording: consent.wording,
            note: consent.note,
        }
    }
}
