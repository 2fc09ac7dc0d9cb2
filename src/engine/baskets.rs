//! What the segments buy: order lines brought together with the customers that were segmented.

use std::collections::HashMap;

use super::{handover, sampling};
use crate::error::{Error, Result};
use crate::matrix::Values;
use crate::recipe::rfm;
use crate::recipe::{Prepared, Recipe};
use crate::segments::baskets::{self, Baskets, Lines};
use crate::study::Run;
use crate::table::{self, Field, OrderColumns, SourceSpec, Table};
use crate::task::Task;

/// Words of a column of single products, where there is no column of groups of goods.
const PRODUCTS: [&str; 8] = ["description", "product", "productname", "item", "article", "stockcode", "sku", "artikel"];

/// Which order lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    /// Where they are; `None`: those that the customers were rolled up from.
    pub lines: Option<SourceSpec>,
    /// The column of the goods; otherwise that of the categories is taken, or of products.
    pub goods: Option<String>,
}

/// What the segments of a run buy; a customer is one row of `table`, found by the id. `None` where there are no order
/// lines, or nothing in them says what was bought, and nothing was asked for.
///
/// # Errors
/// The lines cannot be read or hold no customers, the column that was asked for is not there, the table has no id, or the
/// task was cancelled.
pub fn baskets(
    asked: &Asked,
    table: &Table,
    recipe: &Recipe,
    (prepared, run): (&Prepared, &Run),
    task: &Task,
) -> Result<Option<Baskets>> {
    let labels = handover::labels(table.rows, sampling::rows_of(prepared, run), run);
    of_labels(asked, table, recipe, &labels, run.labels.clusters(), task)
}

/// The same for customers with these labels, from 1 to `k`, one a row of the table.
///
/// # Errors
/// As [`baskets()`].
pub fn of_labels(
    asked: &Asked,
    table: &Table,
    recipe: &Recipe,
    labels: &[u32],
    k: usize,
    task: &Task,
) -> Result<Option<Baskets>> {
    let rolled = || recipe.rollup.is_some().then(|| table::again(&table.source));
    let Some(source) = asked.lines.clone().or_else(rolled) else { return Ok(None) };
    let lines = table::read(&source, None, task)?;
    let spec = recipe.rollup.clone().unwrap_or_default();
    let columns = rfm::resolve(&spec, lines.order_columns(), &lines.fields)?;
    let goods = match goods(&lines, &columns, asked.goods.as_deref()) {
        Err(error) if asked.goods.is_some() || asked.lines.is_some() => {
            return Err(error.at(source.path.display().to_string()));
        }
        found => found.ok(),
    };
    let Some(goods) = goods else { return Ok(None) };
    let lines = read(&lines, &columns, goods, &ids(table, recipe)?, task)?;
    Ok(Some(baskets::baskets(&lines, labels, k, task)?))
}

/// Each customer's row.
fn ids(table: &Table, recipe: &Recipe) -> Result<HashMap<String, u32>> {
    let field = recipe.roles.id.as_deref().and_then(|id| table.field(id));
    let field = field.ok_or_else(|| {
        Error::usage("order lines find their customers by an id, and the table has none").hint("name it: --id COLUMN")
    })?;
    Ok((0..).take(table.rows).map(|row| (table::value(&field.column.values, row as usize), row)).collect())
}

/// The column of the goods.
fn goods<'a>(lines: &'a Table, columns: &OrderColumns, asked: Option<&str>) -> Result<&'a Field> {
    if let Some(name) = asked {
        return lines.field(name).ok_or_else(|| Error::usage(format!("the order lines have no column \"{name}\"")));
    }
    let category = columns.category.clone().or(lines.order_columns().category);
    let category = category.as_deref().and_then(|name| lines.field(name));
    let plain = |name: &str| name.to_lowercase().replace([' ', '_', '-'], "");
    let called = |word: &&str| lines.fields.iter().find(|field| plain(field.name()) == **word);
    let product = || PRODUCTS.iter().find_map(called);
    category.or_else(product).ok_or_else(|| {
        Error::failed("the order lines say nothing of what was bought")
            .hint("name the column of the goods: --goods COLUMN")
    })
}

/// Lines of known customers; those that took goods back say nothing.
fn read(
    lines: &Table,
    columns: &OrderColumns,
    goods: &Field,
    ids: &HashMap<String, u32>,
    task: &Task,
) -> Result<Lines> {
    let customer = columns.customer.as_deref().and_then(|name| lines.field(name));
    let customer = customer.ok_or_else(|| Error::failed("the order lines name no customer"))?;
    let quantity = columns.quantity.as_deref().and_then(|name| lines.field(name)?.column.values.numbers());
    let mut places: HashMap<String, u32> = HashMap::new();
    let mut found = Lines { column: goods.name().to_owned(), ..Lines::default() };
    for row in 0..lines.rows {
        if row % 4096 == 0 {
            task.check()?;
        }
        let is_return = quantity.is_some_and(|numbers| numbers[row] <= 0.0);
        if is_return || goods.column.values.is_missing(row) {
            continue;
        }
        let Some(&who) = ids.get(&table::value(&customer.column.values, row)) else { continue };
        let name = named(&goods.column.values, row);
        let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let place = *places.entry(name.clone()).or_insert_with(|| {
            found.goods.push(name);
            next
        });
        found.bought.push((who, place));
    }
    Ok(found)
}

/// The good's name, without blanks around it.
fn named(values: &Values, row: usize) -> String {
    table::value(values, row).trim().to_owned()
}
