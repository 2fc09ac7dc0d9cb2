//! A drawing as PNG: the same SVG, rendered with the font that is built in.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{self, fontdb};

use super::ReportError;

/// Points of the picture to one of the drawing: sharp on dense screens and in print.
const SCALE: f32 = 2.0;

/// Renders an SVG file.
///
/// # Errors
/// It is no SVG, or too large.
pub(super) fn png(svg: &str) -> Result<Vec<u8>, ReportError> {
    let options =
        usvg::Options { fontdb: Arc::new(fonts()), font_family: "DejaVu Sans".to_owned(), ..usvg::Options::default() };
    let failed = |what: String| ReportError::Picture(what);
    let tree = usvg::Tree::from_str(svg, &options).map_err(|error| failed(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| failed("it has no size".to_owned()))?;
    let mut canvas = Pixmap::new(size.width(), size.height()).ok_or_else(|| failed("it is too large".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| failed(error.to_string()))
}

fn fonts() -> fontdb::Database {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    fonts
}
