//! Rolling up a long text without reading it into memory.

use super::{Ledger, Lines, Lot, RollUp, RollUpSpec, finish, moment_of, resolve};
use crate::error::Error;
use crate::kernel::fold;
use crate::matrix::Coded;
use crate::table::stream::{Stream, Streamed, Stretch, Take};
use crate::table::{Field, OrderColumns, SourceInfo, Table, TableError};
use crate::task::Task;

/// The order lines of a long text.
pub struct Long {
    stream: Stream,
    /// Where the text is.
    pub source: SourceInfo,
    columns: OrderColumns,
    spec: RollUpSpec,
    until: Option<f64>,
}

/// How far a roll-up is that is saved from time to time.
pub type Saving<'a> = &'a mut (dyn FnMut(&Ledger, u64) -> Result<(), Error> + Send);

/// What broke a roll-up off.
enum Stop {
    Table(TableError),
    Saving(Error),
}

impl From<TableError> for Stop {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Table(error) => error.into(),
            Stop::Saving(error) => error,
        }
    }
}

impl Long {
    /// The lines of a source of which `sample` shows some; `None` where it is no plain text file.
    ///
    /// # Errors
    /// It has no columns of order lines.
    pub fn open(sample: Table, spec: &RollUpSpec) -> Result<Option<Self>, Error> {
        let columns = resolve(spec, sample.order_columns(), &sample.fields)?;
        let takes = takes(&columns, &sample.fields);
        let names: Vec<(&str, Take)> = takes.iter().map(|(name, take)| (name.as_str(), take.clone())).collect();
        let Some(stream) = Stream::new(&sample, &names) else { return Ok(None) };
        let until = moment_of(spec.snapshot.as_deref())?;
        Ok(Some(Self { stream, source: sample.source, columns, spec: spec.clone(), until }))
    }

    /// Rolls up what follows `from`, on top of what the ledger has already. The fingerprint is that of the text, known
    /// where it was read from its beginning. `None` where the text has to be read in another way.
    ///
    /// # Errors
    /// The file cannot be read, saving failed, no line can be used, or the task was cancelled.
    pub fn roll_up(
        &self,
        mut ledger: Ledger,
        from: u64,
        task: &Task,
        saving: Saving<'_>,
    ) -> Result<Option<(RollUp, Option<String>)>, Error> {
        let mut take = |stretches: Vec<Stretch>, end: u64| {
            let lots = fold::chunks_of(1, stretches.len(), |range| self.lot(&stretches[range.start]));
            ledger.take(&lots);
            saving(&ledger, end).map_err(Stop::Saving)
        };
        match self.stream.read(from, task, &mut take)? {
            Streamed::NotPlain => Ok(None),
            Streamed::Done(fingerprint) => {
                let rolled = finish(ledger, &self.columns, &self.spec, self.until, task)?;
                Ok(Some((rolled, fingerprint)))
            }
        }
    }

    fn lot(&self, stretch: &Stretch) -> Lot {
        let place = |what: &str| self.columns.iter().position(|(known, _)| known == what);
        let keys = |what| place(what).and_then(|place| stretch.keys(place));
        let numbers = |what| place(what).and_then(|place| stretch.numbers(place));
        let label = |what| {
            let coded: &Coded = stretch.labels(place(what)?)?;
            Some((coded.codes.as_slice(), coded.levels.as_slice()))
        };
        let customer = keys("customer");
        let lines = Lines {
            customer: customer.map_or(&[], |keys| &keys.of),
            names: customer,
            date: numbers("date").unwrap_or_default(),
            order: keys("order").map(|keys| keys.of.as_slice()),
            quantity: numbers("quantity"),
            price: numbers("price"),
            amount: numbers("amount"),
            until: self.until.unwrap_or(f64::INFINITY),
            labels: [label("category"), label("channel"), label("kind")],
        };
        lines.sorted(self.spec.returns, stretch.broken)
    }
}

/// What is taken of each column, in the order of [`OrderColumns::iter`].
fn takes(columns: &OrderColumns, fields: &[Field]) -> Vec<(String, Take)> {
    let format = |name: &str| {
        let field = fields.iter().find(|field| field.name() == name);
        field.and_then(|field| field.date_format.clone()).unwrap_or_else(|| "%Y-%m-%d".to_owned())
    };
    let take = |(what, name): (&'static str, &str)| {
        let take = match what {
            "customer" | "order" => Take::Key,
            "date" => Take::Date(format(name)),
            "quantity" | "price" | "amount" => Take::Number,
            _ => Take::Label,
        };
        (name.to_owned(), take)
    };
    columns.iter().map(take).collect()
}
