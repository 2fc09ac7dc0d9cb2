//! Recommendations from order lines: what a segment buys more than the others, and for each customer what to show next.

use serde::{Deserialize, Serialize};

use super::vtest;
use crate::matrix::UNASSIGNED;
use crate::recipe::words::rounded;
use crate::task::{Cancelled, Task};
use statrs::function::erf::erfc;

/// Fewer buyers in a segment say nothing about it.
const LEAST: usize = 5;
/// So many goods of a segment are told.
const MOST: usize = 10;
/// Up to this p, times the number of goods, a segment buys something more than the others.
const REAL: f64 = 0.05;
/// Customers between two looks at the task.
const STRIDE: usize = 4096;

/// Order lines: who bought what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// The column of the goods, e.g. `category`.
    pub column: String,
    /// The goods.
    pub goods: Vec<String>,
    /// Customer and good of each line, as places in the customers' list and in `goods`.
    pub bought: Vec<(u32, u32)>,
}

/// Something that a segment buys more than the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Favourite {
    /// The good, or the group of goods.
    pub good: String,
    /// Customers of the segment who bought it.
    pub buyers: usize,
    /// Their share of the segment.
    pub support: f64,
    /// The share of everyone who bought it.
    pub everyone: f64,
    /// The one over the other: 2 is twice as often.
    pub lift: f64,
    /// How far that is from chance (hypergeometric), for this one test.
    pub v_test: f64,
}

/// What a segment buys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentGoods {
    /// The segment's number.
    pub segment: u32,
    /// Its customers with order lines.
    pub customers: usize,
    /// What it buys more than the others, by buyers beyond what everyone's share would give.
    pub favourites: Vec<Favourite>,
}

/// What the segments buy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Baskets {
    /// The column of the goods.
    pub column: String,
    /// How many different ones there are.
    pub goods: usize,
    /// The segments, 1 first.
    pub segments: Vec<SegmentGoods>,
    /// For each customer the best good not bought yet; empty where there is none, or no segment.
    #[serde(skip)]
    pub next: Vec<String>,
}

impl Baskets {
    /// `jam 45 % (everyone 20 %), tea …`: what a segment buys more than the others, the first few; nothing where there is
    /// none.
    pub fn brief(&self, segment: u32) -> Option<String> {
        const TOLD: usize = 3;
        let of = self.segments.iter().find(|of| of.segment == segment)?;
        let percent = |share: f64| format!("{} %", rounded(100.0 * share, 0));
        let told =
            |one: &Favourite| format!("{} {} (everyone {})", one.good, percent(one.support), percent(one.everyone));
        let told: Vec<String> = of.favourites.iter().take(TOLD).map(told).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// What segments buy, of customers with these labels (0: in none) and `segments` of them.
///
/// # Errors
/// [`Cancelled`].
pub fn baskets(lines: &Lines, labels: &[u32], segments: usize, task: &Task) -> Result<Baskets, Cancelled> {
    let owned = owned(lines, labels.len());
    task.check()?;
    let mut buyers = vec![vec![0usize; lines.goods.len()]; segments + 1];
    let mut sizes = vec![0usize; segments + 1];
    for (label, goods) in labels.iter().zip(&owned).filter(|(_, goods)| !goods.is_empty()) {
        sizes[*label as usize] += 1;
        goods.iter().for_each(|&good| buyers[*label as usize][good as usize] += 1);
    }
    let counted = Counted { lines, all: sum(&buyers), customers: sizes.iter().sum(), buyers, sizes };
    let list: Vec<SegmentGoods> = (1..).take(segments).map(|segment| counted.of_segment(segment)).collect();
    let offers: Vec<Vec<u32>> = (1..).take(segments).map(|segment| counted.offers(segment)).collect();
    let mut next = Vec::with_capacity(labels.len());
    for (customer, &label) in labels.iter().enumerate() {
        if customer % STRIDE == 0 {
            task.check()?;
        }
        let offers = if label == UNASSIGNED { None } else { offers.get(label as usize - 1) };
        let open = |good: &&u32| owned[customer].binary_search(good).is_err();
        let best = offers.and_then(|offers| offers.iter().find(open)).filter(|_| !owned[customer].is_empty());
        next.push(best.map_or_else(String::new, |&good| lines.goods[good as usize].clone()));
    }
    Ok(Baskets { column: lines.column.clone(), goods: lines.goods.len(), segments: list, next })
}

/// What each customer bought, each good once, ascending.
fn owned(lines: &Lines, customers: usize) -> Vec<Vec<u32>> {
    let mut owned = vec![Vec::new(); customers];
    for &(customer, good) in &lines.bought {
        owned[customer as usize].push(good);
    }
    for goods in &mut owned {
        goods.sort_unstable();
        goods.dedup();
    }
    owned
}

fn sum(buyers: &[Vec<usize>]) -> Vec<usize> {
    let goods = buyers.first().map_or(0, Vec::len);
    (0..goods).map(|good| buyers.iter().map(|of| of[good]).sum()).collect()
}

/// How many customers bought what, by segment (0: in none) and in all.
struct Counted<'a> {
    lines: &'a Lines,
    buyers: Vec<Vec<usize>>,
    sizes: Vec<usize>,
    all: Vec<usize>,
    customers: usize,
}

impl Counted<'_> {
    fn of_segment(&self, segment: u32) -> SegmentGoods {
        let mut favourites: Vec<(f64, Favourite)> = (0..self.all.len())
            .filter_map(|good| Some((self.beyond(segment, good), self.favourite(segment, good)?)))
            .collect();
        favourites.sort_by(|a, b| b.0.total_cmp(&a.0));
        let favourites = favourites.into_iter().take(MOST).map(|(_, favourite)| favourite).collect();
        SegmentGoods { segment, customers: self.sizes[segment as usize], favourites }
    }

    /// Buyers beyond those that everyone's share would give.
    fn beyond(&self, segment: u32, good: usize) -> f64 {
        let expected = self.all[good] as f64 * self.sizes[segment as usize] as f64 / self.customers as f64;
        self.buyers[segment as usize][good] as f64 - expected
    }

    /// The good, where the segment buys it more than the others.
    fn favourite(&self, segment: u32, good: usize) -> Option<Favourite> {
        let (buyers, size) = (self.buyers[segment as usize][good], self.sizes[segment as usize]);
        if buyers < LEAST || self.beyond(segment, good) <= 0.0 {
            return None;
        }
        let v_test = vtest::of_level(buyers, size, self.all[good], self.customers);
        let p = erfc(v_test / std::f64::consts::SQRT_2) * self.all.len() as f64;
        let (support, everyone) = (buyers as f64 / size as f64, self.all[good] as f64 / self.customers as f64);
        let good = self.lines.goods[good].clone();
        (p <= REAL).then(|| Favourite { good, buyers, support, everyone, lift: support / everyone, v_test })
    }

    /// What to show customers of the segment, in this order: its favourites by their share of its buyers, then all else
    /// that is bought often there.
    fn offers(&self, segment: u32) -> Vec<u32> {
        let buyers = &self.buyers[segment as usize];
        let is_favourite: Vec<bool> = (0..buyers.len()).map(|good| self.favourite(segment, good).is_some()).collect();
        let mut offers: Vec<u32> = (0..).take(buyers.len()).filter(|&good: &u32| buyers[good as usize] > 0).collect();
        offers.sort_by_key(|&good| {
            let good = good as usize;
            (!is_favourite[good], std::cmp::Reverse(buyers[good]), good)
        });
        offers
    }
}

impl SegmentGoods {
    /// `buys garden 2.1 times as often as everyone (42 of 100 customers, 42 %; everyone 20 %)`.
    pub fn sentence(&self) -> String {
        use crate::recipe::words::{count, rounded};
        let Some(first) = self.favourites.first() else {
            return "buys nothing more than the others, as far as the lines show".to_owned();
        };
        format!(
            "buys {} {} times as often as everyone ({} of {} customers, {} %; everyone {} %)",
            first.good,
            rounded(first.lift, 1),
            count(first.buyers),
            count(self.customers),
            rounded(100.0 * first.support, 1),
            rounded(100.0 * first.everyone, 1)
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Twenty customers in two segments and one in none; all buy bread, the first segment tea, the second wine.
    fn shop() -> (Lines, Vec<u32>) {
        let goods = ["bread", "tea", "wine", "salt"].map(str::to_owned).to_vec();
        let mut bought = Vec::new();
        for customer in 0..20 {
            bought.extend([(customer, 0), (customer, 0)]);
            if customer != 3 && customer != 13 {
                bought.push((customer, if customer < 10 { 1 } else { 2 }));
            }
        }
        bought.extend([(0, 3), (20, 2)]);
        let labels = (0..21).map(|customer| [1, 2, 0][customer / 10]).collect();
        (Lines { column: "category".into(), goods, bought }, labels)
    }

    #[test]
    fn a_segments_favourites_are_counted_by_hand() {
        let (lines, labels) = shop();
        let found = baskets(&lines, &labels, 2, &Task::new(1)).unwrap();
        let first = &found.segments[0];
        assert_eq!((first.customers, first.favourites.len(), first.favourites[0].good.as_str()), (10, 1, "tea"));
        let tea = &first.favourites[0];
        assert_eq!((tea.buyers, tea.support), (9, 0.9));
        assert!((tea.everyone - 9.0 / 21.0).abs() < 1e-15 && (tea.lift - 2.1).abs() < 1e-12);
        assert_eq!(
            first.sentence(),
            "buys tea 2.1 times as often as everyone (9 of 10 customers, 90 %; everyone 42.9 %)"
        );
        let wine = &found.segments[1].favourites[0];
        assert_eq!((wine.good.as_str(), wine.buyers, wine.everyone), ("wine", 9, 10.0 / 21.0));
    }

    #[test]
    fn a_customer_is_shown_the_segments_favourite_or_what_it_buys_else() {
        let (lines, labels) = shop();
        let found = baskets(&lines, &labels, 2, &Task::new(1)).unwrap();
        assert_eq!((found.next[3].as_str(), found.next[13].as_str()), ("tea", "wine"));
        // Who has the favourite gets what else the segment buys; who has all gets nothing, as does who is in no segment.
        assert_eq!((found.next[1].as_str(), found.next[0].as_str(), found.next[20].as_str()), ("salt", "", ""));
    }

    #[test]
    fn nobody_buys_anything_without_lines() {
        let found = baskets(&Lines::default(), &[1, 2], 2, &Task::new(1)).unwrap();
        assert!(found.segments.iter().all(|segment| segment.favourites.is_empty()));
        assert_eq!(found.next, ["", ""]);
    }
}
