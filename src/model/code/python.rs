//! As a Python function without any package.

use super::Plan;
use crate::model::Model;

const FUNCTION: &str = r#"

def _number(feature, value):
    """The scaled value of a number; None where the row cannot be used."""
    if feature["yes_no"] and isinstance(value, str):
        answers = [answer.strip().lower() for answer in feature["yes_no"]]
        value = answers.index(value.strip().lower()) if value.strip().lower() in answers else None
    if value is None or value != value:
        value = feature["fill"]
        if value is None:
            return None
    else:
        value = float(value)
        low, high = feature["low"], feature["high"]
        bound = low if low is not None and value < low else high if high is not None and value > high else value
        if bound != value and feature["drop"]:
            return None
        value = bound
    if feature["log"]:
        if value <= -1:
            return None
        value = math.log1p(value)
    return [(value - feature["centre"]) / feature["spread"] * feature["weight"]]


def _category(feature, value):
    """The columns of a category; None where the row cannot be used."""
    if value is None:
        return feature["missing"]
    return dict(feature["levels"]).get(str(value), feature["unknown"])


def segment(row):
    """(number, key, name) of the segment of a row, a dict of its columns; None where it cannot be used."""
    values = []
    for feature in MODEL["features"]:
        read = _number if feature["kind"] == "number" else _category
        columns = read(feature, row.get(feature["column"]))
        if columns is None:
            return None
        values.extend(columns)

    def distance(of):
        return sum((value - centre) ** 2 for value, centre in zip(values, of["centre"]))

    nearest = min(MODEL["segments"], key=distance)
    return nearest["number"], nearest["key"], nearest["name"]
"#;

/// A module with the function `segment`.
pub(super) fn python(model: &Model, plan: &Plan) -> String {
    // Within a raw string only the quote that ends it has to be written otherwise.
    let data = serde_json::to_string_pretty(plan).unwrap_or_default().replace('\'', "\\u0027");
    format!(
        "\"\"\"The segments of segmenta {}, {}.\"\"\"\n\nimport json\nimport math\n\nMODEL = json.loads(r'''{data}''')\n{FUNCTION}",
        model.program, model.fit.run,
    )
}
