//! Who may be contacted.

use super::names::Words;
use super::values::Field;
use crate::matrix::Values;

/// Whether the customer of this row may be contacted, by the column of permissions: only who said yes. In a column
/// of objections (`opt_out`) yes means no, and silence is no permission either.
pub fn may_contact(field: &Field, row: usize) -> bool {
    const YES: [&str; 6] = ["yes", "y", "true", "1", "granted", "opt-in"];
    if field.column.values.is_missing(row) {
        return false;
    }
    let yes = match &field.column.values {
        Values::Number(numbers) => numbers[row] == 1.0,
        Values::Text(coded) => coded.get(row).is_some_and(|text| YES.contains(&text.trim().to_lowercase().as_str())),
    };
    yes != Words::of(field.name()).names_an_objection()
}

#[cfg(test)]
mod tests {
    use super::super::testing::read_text;
    use super::super::{Field, Kind};
    use super::*;
    use crate::matrix::{Coded, Column};

    #[test]
    fn silence_is_no_consent_and_an_objection_is_none_either() {
        let table = read_text("id,opt_in,opt_out\n1,yes,no\n2,no,yes\n3,,\n4,no,no\n5,yes,yes\n");
        let may = |column: usize| (0..5).map(|row| may_contact(&table.fields[column], row)).collect::<Vec<_>>();
        assert_eq!(may(1), [true, false, false, false, true]);
        assert_eq!(may(2), [true, false, false, true, false]);
    }

    #[test]
    fn words_of_consent_are_read() {
        let values = Values::Text(Coded::from_texts([Some("Yes "), Some("no"), None, Some("opt-in")]));
        let field = Field::of(Column { name: "consent".into(), values }, Kind::Text);
        assert_eq!([0, 1, 2, 3].map(|row| may_contact(&field, row)), [true, false, false, true]);
    }
}
