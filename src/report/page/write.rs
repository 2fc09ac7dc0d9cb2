//! The page as one HTML file, and as Markdown.

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, context};

use super::Page;
use crate::report::ReportError;

const HTML: &str = include_str!("templates/page.html");
const MARKDOWN: &str = include_str!("templates/page.md");
const STYLE: &str = include_str!("templates/page.css");
const SCRIPT: &str = include_str!("templates/page.js");

impl Page {
    /// One file that needs nothing beside it: no network, readable without its script.
    ///
    /// # Errors
    /// The template does not fit the page.
    pub fn html(&self) -> Result<String, ReportError> {
        self.written("page.html", HTML)
    }

    /// The same as Markdown, without the pictures.
    ///
    /// # Errors
    /// The template does not fit the page.
    pub fn markdown(&self) -> Result<String, ReportError> {
        self.written("page.md", MARKDOWN)
    }

    fn written(&self, name: &str, template: &str) -> Result<String, ReportError> {
        let failed = |error: minijinja::Error| ReportError::Template(format!("{error:#}"));
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
            true => AutoEscape::Html,
            false => AutoEscape::None,
        });
        environment.add_filter("broken", broken);
        environment.add_template(name, template).map_err(failed)?;
        let page = Value::from(Serde(self));
        let template = environment.get_template(name).map_err(failed)?;
        template.render(context! { css => STYLE, js => SCRIPT, ..page }).map_err(failed)
    }
}

/// The names of columns have no blanks: where a line may be broken in them.
fn broken(name: &str) -> Value {
    let mut text = String::with_capacity(2 * name.len());
    let mut before = ' ';
    for letter in name.chars() {
        if before.is_lowercase() && letter.is_uppercase() {
            text.push_str("<wbr>");
        }
        match letter {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '_' => text.push_str("_<wbr>"),
            other => text.push(other),
        }
        before = letter;
    }
    Value::from_safe_string(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_at_humps_and_hold_no_markup() {
        let shown = |name: &str| broken(name).to_string();
        assert_eq!(shown("NumWebVisits"), "Num<wbr>Web<wbr>Visits");
        assert_eq!(shown("order_value <b>&"), "order_<wbr>value &lt;b&gt;&amp;");
    }
}
