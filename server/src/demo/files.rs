//! The demo's customer base as the files that an ERP would hand in: CSV of clients, articles and sales, read by the
//! relay's own import.

use crate::import::date;

use super::baskets;
use super::cdnow::Purchase;
use super::names::{self, GENERATED, TERRITORIES};

/// The source that the demo's files say they come from.
pub const SOURCE: &str = "cdnow";

/// Clients 1..=`count`: CDNOW's numbers, everything else generated from the seed.
pub fn clients(seed: u64, count: u32) -> Vec<u8> {
    let mut out = String::with_capacity(count as usize * 260);
    out.push_str(
        "Código;Nombre comercial;Razón social;NIF;Tipo de establecimiento;Dirección;Código postal;Población;Provincia;\
         País;Latitud;Longitud;Teléfono;Correo electrónico;Contacto;Cargo;Zona;Etiquetas\r\n",
    );
    for number in 1..=count {
        let b = names::business(seed, number);
        let (latitude, longitude) = (decimal_comma(b.latitude), decimal_comma(b.longitude));
        let code = code(number);
        let cells: [&str; 18] = [
            &code,
            &b.name,
            &b.legal_name,
            &b.tax_id,
            b.kind,
            &b.street,
            b.postal_code,
            b.town,
            b.province,
            "ES",
            &latitude,
            &longitude,
            &b.phone,
            &b.email,
            &b.contact,
            b.contact_role,
            TERRITORIES[b.territory].1,
            GENERATED,
        ];
        push_row(&mut out, &cells);
    }
    out.into_bytes()
}

/// A catalogue of `count` discs, generated from the seed.
pub fn articles(seed: u64, count: u32) -> Vec<u8> {
    let mut out = String::from("Referencia;Descripción;Familia;Unidad;EAN;IVA;Precio;Moneda\r\n");
    for article in names::catalogue(seed, count) {
        let price = amount(article.price_cents);
        let cells =
            [article.code.as_str(), &article.name, article.family, "ud", &article.ean, "21", &price, "USD"];
        push_row(&mut out, &cells);
    }
    out.into_bytes()
}

/// One document for each purchase, named after its line in the data set.
pub fn sales(purchases: &[Purchase]) -> Vec<u8> {
    let mut out = String::with_capacity(purchases.len() * 48);
    out.push_str("Documento;Código cliente;Fecha;Unidades;Importe;Moneda\r\n");
    for purchase in purchases {
        let document = format!("CDNOW-{:06}", purchase.line);
        let day = date::to_iso(purchase.date);
        let (code, units, net) = (code(purchase.client), purchase.units.to_string(), amount(purchase.cents));
        push_row(&mut out, &[&document, &code, &day, &units, &net, "USD"]);
    }
    out.into_bytes()
}

/// The same with a line for each disc of a catalogue, generated from the seed: that it was this one is invented, and its
/// description says so.
pub fn sales_of_articles(seed: u64, purchases: &[Purchase], articles: u32) -> Vec<u8> {
    let catalogue = names::catalogue(seed, articles);
    let mut out = String::with_capacity(purchases.len() * 180);
    out.push_str("Documento;Código cliente;Fecha;Referencia;Descripción;Familia;Unidades;Importe;Moneda\r\n");
    for purchase in purchases {
        let document = format!("CDNOW-{:06}", purchase.line);
        let (code, day) = (code(purchase.client), date::to_iso(purchase.date));
        for line in baskets::lines(seed, purchase, &catalogue, names::FAMILY_COUNT) {
            let article = &catalogue[line.article];
            let what = format!("{} ({GENERATED})", article.name);
            let (units, net) = (line.units.to_string(), amount(line.cents));
            let cells: [&str; 9] =
                [&document, &code, &day, &article.code, &what, article.family, &units, &net, "USD"];
            push_row(&mut out, &cells);
        }
    }
    out.into_bytes()
}

/// A client's number as the data set writes it: five digits.
pub fn code(number: u32) -> String {
    format!("{number:05}")
}

fn push_row(out: &mut String, cells: &[&str]) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(';');
        }
        if cell.contains([';', '"', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

/// `1177` cents as `11,77`.
fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{},{:02}", cents.unsigned_abs() / 100, cents.unsigned_abs() % 100)
}

fn decimal_comma(degrees: f64) -> String {
    format!("{degrees:.5}").replace('.', ",")
}
