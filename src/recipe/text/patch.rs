//! A recipe written over its former text: comments, order and layout stay where nothing changed.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, RawString, Table, TableLike, Value};

use crate::recipe::Recipe;

/// `old`, the text of a recipe, with what `recipe` has otherwise; `None` where `old` is no recipe.
pub fn patched(old: &str, recipe: &Recipe) -> Option<String> {
    let mut document: DocumentMut = old.parse().ok()?;
    Recipe::from_toml(old, "").ok()?;
    let wanted: DocumentMut = recipe.to_toml().parse().ok()?;
    merge(document.as_table_mut(), wanted.as_table());
    let text = document.to_string();
    // What cannot be said by patching is written anew.
    Recipe::from_toml(&text, "").is_ok_and(|read| read == *recipe).then_some(text)
}

fn merge(old: &mut dyn TableLike, new: &dyn TableLike) {
    let gone: Vec<String> = old.iter().map(|(key, _)| key.to_owned()).filter(|key| !new.contains_key(key)).collect();
    for key in gone {
        old.remove(&key);
    }
    for (key, item) in new.iter() {
        match old.get_mut(key) {
            Some(there) => merge_item(there, item),
            // An empty list is what stands there unsaid.
            None if item.as_array().is_some_and(Array::is_empty) => {}
            None => drop(old.insert(key, without_positions(item.clone()))),
        }
    }
}

fn merge_item(old: &mut Item, new: &Item) {
    if same(old, new) {
        return;
    }
    match (&mut *old, new) {
        (Item::ArrayOfTables(old), Item::ArrayOfTables(new)) => merge_list(old, new),
        (Item::Value(Value::Array(old)), Item::Value(Value::Array(new))) => merge_array(old, new),
        (Item::Value(old), Item::Value(new)) => {
            let decor = old.decor().clone();
            *old = new.clone();
            *old.decor_mut() = decor;
        }
        (old, new) => match (old.as_table_like_mut(), new.as_table_like()) {
            (Some(old), Some(new)) => merge(old, new),
            _ => *old = without_positions(new.clone()),
        },
    }
}

/// Keeps the elements that stay, with the comments around them; one that goes gives its place to one that comes.
fn merge_array(old: &mut Array, new: &Array) {
    let holds = |list: &Array, value: &Value| list.iter().any(|other| equal(other, value));
    for (place, wanted) in new.iter().enumerate() {
        while old.get(place).is_some_and(|there| !holds(new, there)) && holds(old, wanted) {
            take_out(old, place);
        }
        match old.get_mut(place) {
            Some(there) if equal(there, wanted) => {}
            Some(there) if !holds(new, there) => {
                let decor = there.decor().clone();
                *there = wanted.clone().decorated(
                    decor.prefix().cloned().unwrap_or_default(),
                    decor.suffix().cloned().unwrap_or_default(),
                );
            }
            _ => {
                let value = wanted.clone().decorated(indent(old), "");
                old.insert_formatted(place.min(old.len()), value);
            }
        }
    }
    while old.len() > new.len() {
        take_out(old, old.len() - 1);
    }
    if old.iter().zip(new.iter()).any(|(a, b)| !equal(a, b)) {
        let decor = old.decor().clone();
        *old = new.clone();
        *old.decor_mut() = decor;
    }
}

/// Removes an element. What stands before it may be the comment of the one above: that stays.
fn take_out(list: &mut Array, place: usize) {
    let gone = list.remove(place);
    let before = text_of(gone.decor().prefix());
    if !before.contains('#') {
        return;
    }
    match list.get_mut(place) {
        Some(next) => {
            let own = text_of(next.decor().prefix());
            next.decor_mut().set_prefix(if own.contains('#') { before.trim_end().to_owned() + &own } else { before });
        }
        None => list.set_trailing(before.trim_end_matches([' ', '\t']).to_owned()),
    }
}

/// The blanks before an element of this list.
fn indent(list: &Array) -> String {
    let before = list.iter().last().map(|value| text_of(value.decor().prefix())).unwrap_or_default();
    before.rfind('\n').map_or(if list.is_empty() { "" } else { " " }.to_owned(), |at| before[at..].to_owned())
}

fn text_of(raw: Option<&RawString>) -> String {
    raw.and_then(RawString::as_str).unwrap_or_default().to_owned()
}

/// The new tables in their order; each that was there before, or does the same to the same column, keeps its text.
fn merge_list(old: &mut ArrayOfTables, new: &ArrayOfTables) {
    let mut before: Vec<Option<Table>> = old.iter().cloned().map(Some).collect();
    let mut found: Vec<Option<Table>> = vec![None; new.len()];
    // Steps that have nothing in common are other steps; a source stays the source.
    let is_step = new.iter().any(|table| table.contains_key("do"));
    let alike: [fn(&Table, &Table) -> bool; 2] = [same_tables, if is_step { same_subject } else { |_, _| true }];
    for alike in alike {
        for (found, wanted) in found.iter_mut().zip(new.iter()).filter(|(found, _)| found.is_none()) {
            let at = before.iter().position(|table| table.as_ref().is_some_and(|table| alike(table, wanted)));
            *found = at.and_then(|at| before[at].take());
        }
    }
    old.clear();
    let mut position = None;
    for (found, wanted) in found.into_iter().zip(new.iter()) {
        let mut table = match found {
            Some(mut table) => {
                merge(&mut table, wanted);
                table
            }
            None => new_table(wanted),
        };
        // Tables are written by rising position: one that moved back would go before its turn.
        position = table.position().max(position);
        table.set_position(position);
        old.push(table);
    }
}

fn same_subject(a: &Table, b: &Table) -> bool {
    const SUBJECT: [&str; 4] = ["do", "column", "name", "columns"];
    SUBJECT.iter().all(|key| match (a.get(key), b.get(key)) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    })
}

fn new_table(table: &Table) -> Table {
    match without_positions(Item::Table(table.clone())) {
        Item::Table(table) => table,
        _ => table.clone(),
    }
}

fn without_positions(mut item: Item) -> Item {
    match &mut item {
        Item::Table(table) => forget(table),
        Item::ArrayOfTables(list) => list.iter_mut().for_each(forget),
        _ => {}
    }
    item
}

fn forget(table: &mut Table) {
    table.set_position(None);
    for (_, item) in table.iter_mut() {
        *item = without_positions(std::mem::take(item));
    }
}

fn same(a: &Item, b: &Item) -> bool {
    match (a, b) {
        (Item::Value(a), Item::Value(b)) => equal(a, b),
        (Item::ArrayOfTables(a), Item::ArrayOfTables(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_tables(a, b))
        }
        (a, b) => match (a.as_table_like(), b.as_table_like()) {
            (Some(a), Some(b)) => alike(a, b),
            _ => false,
        },
    }
}

fn same_tables(a: &Table, b: &Table) -> bool {
    alike(a, b)
}

fn alike(a: &dyn TableLike, b: &dyn TableLike) -> bool {
    a.len() == b.len() && a.iter().all(|(key, item)| b.get(key).is_some_and(|other| same(item, other)))
}

fn equal(a: &Value, b: &Value) -> bool {
    let number = |value: &Value| value.as_float().or_else(|| value.as_integer().map(|value| value as f64));
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b)),
        (Value::InlineTable(a), Value::InlineTable(b)) => alike(a, b),
        _ => number(a).is_some() && number(a) == number(b),
    }
}
