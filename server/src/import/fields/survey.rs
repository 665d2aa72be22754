//! What files of answers to surveys may say.

use cartera_core::model::limits;

use super::{SHORT, optional, required};
use crate::import::kind::{Field, Form};

/// Whole numbers; decimals are read to be refused.
const SCORE: Form = Form::Number { places: 2, min: 0, max: 100 };

/// Fields of scores, in the order of the questions.
pub(in crate::import) const SCORES: [&str; 5] = ["score", "score_2", "score_3", "score_4", "score_5"];

pub(in crate::import) const SURVEY_ANSWERS: &[Field] = &[
    required(
        "id",
        Form::Key,
        &["id", "codigo", "respuesta", "n respuesta", "response", "response id", "code"],
    ),
    required(
        "client",
        Form::Key,
        &[
            "cliente",
            "cod cliente",
            "codigo cliente",
            "codigo de cliente",
            "customer",
            "client",
            "customer id",
            "customer code",
        ],
    ),
    required("date", Form::Day, &["fecha", "fecha respuesta", "date", "answered", "response date"]),
    required("survey", SHORT, &["encuesta", "tipo", "tipo encuesta", "survey", "type", "survey type"]),
    required("score", SCORE, &["puntuacion", "puntuacion 1", "nota", "nota 1", "score", "score 1", "rating"]),
    optional("score_2", SCORE, &["puntuacion 2", "nota 2", "score 2"]),
    optional("score_3", SCORE, &["puntuacion 3", "nota 3", "score 3"]),
    optional("score_4", SCORE, &["puntuacion 4", "nota 4", "score 4"]),
    optional("score_5", SCORE, &["puntuacion 5", "nota 5", "score 5"]),
    optional("highest", SCORE, &["maximo", "escala", "highest", "scale"]),
    optional("asked", SHORT, &["canal", "medio", "asked", "channel"]),
    optional(
        "comment",
        Form::Prose(limits::NOTES_CHARS_MAX),
        &["comentario", "comentarios", "observaciones", "comment", "comments"],
    ),
    optional("campaign", SHORT, &["campana", "cuestionario", "campaign", "questionnaire"]),
];
