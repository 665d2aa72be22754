//! QR codes, for the terminal and as SVG.

use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

/// For a terminal: two rows of modules a line, light on dark turned round so that a dark terminal reads right.
pub fn terminal(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let light = unicode::Dense1x2::Light;
    let dark = unicode::Dense1x2::Dark;
    Some(code.render::<unicode::Dense1x2>().dark_color(light).light_color(dark).build())
}

/// For a page or a file.
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_with_a_pin_fits() {
        let text =
            format!("https://{}.example:8443/enrol#{}.{}", "a".repeat(100), "Z".repeat(26), "f".repeat(64));
        assert!(terminal(&text).unwrap().lines().count() > 20);
        assert!(svg(&text).unwrap().starts_with("<?xml"));
        assert_eq!(svg(&"x".repeat(4000)), None, "too long for any");
    }
}
