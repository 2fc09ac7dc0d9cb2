//! What could be tried with a segment: the first play of the playbook whose conditions hold.

use super::crosses::is_rfm;
use super::nouns::{Noun, nouns};
use super::show::percent;
use super::{Action, Segments, UNCLEAR};
use crate::recipe::{Level, Play, Playbook};

/// Below this many customers a measurement is only a sign.
const FEW: usize = 200;
/// Cohen's h or d from which on an effect is at least small (Cohen 1988).
const SMALL: f64 = 0.2;

/// Gives each segment its action. Nothing here promises an effect.
pub fn act(segments: &mut Segments, book: &Playbook) {
    let nouns = nouns(&segments.effects.iter().map(|effect| effect.column.as_str()).collect::<Vec<_>>());
    let actions: Vec<Option<Action>> = (0..segments.list.len())
        .map(|place| {
            let known = Known { segments, book, nouns: &nouns, place };
            book.plays.iter().find_map(|play| known.because(play).map(|because| known.action(play, because)))
        })
        .collect();
    for (segment, action) in segments.list.iter_mut().zip(actions) {
        segment.to_try = action.as_ref().map(|action| action.offer.clone());
        segment.action = action;
    }
}

/// What the conditions of a play are held against.
struct Known<'a> {
    segments: &'a Segments,
    book: &'a Playbook,
    nouns: &'a [Noun],
    place: usize,
}

impl Known<'_> {
    /// Why the play is for this segment; `None` where it is not.
    fn because(&self, play: &Play) -> Option<String> {
        let mut reasons = Vec::new();
        if let Some(key) = &play.segment {
            let own = self.segments.list.get(self.place).is_some_and(|segment| segment.key == *key);
            reasons.push(own.then(|| "chosen for this segment".to_owned())?);
        }
        if !play.rfm.is_empty() {
            let (name, share) = self.rfm()?;
            reasons.push(play.rfm.contains(&name).then(|| format!("{} {name}", percent(share)))?);
        }
        for (name, levels) in &play.when {
            let level = self.level(name).filter(|level| levels.0.contains(level))?;
            reasons.push(format!("{name} {}", level.word()));
        }
        Some(reasons.join(", "))
    }

    /// The name of the RFM grid that more than half of the segment bears.
    fn rfm(&self) -> Option<(String, f64)> {
        let cross = self.segments.crosses.iter().find(|cross| is_rfm(&cross.levels))?;
        let row = cross.counts.get(self.place)?;
        let size: usize = row.iter().sum();
        let (level, &count) = row.iter().enumerate().max_by_key(|(_, count)| **count)?;
        (2 * count > size).then(|| (cross.levels[level].clone(), count as f64 / size as f64))
    }

    /// Where the segment stands in a trait: by a real difference in a result that tells of it, else by its mean distance
    /// from everyone in the columns that do.
    fn level(&self, name: &str) -> Option<Level> {
        let words = self.book.traits.get(name)?;
        let tells = |noun: &Noun| noun.words.iter().any(|word| words.contains(word));
        if let Some(level) = self.result(tells) {
            return Some(level);
        }
        let cells = self.nouns.iter().zip(&self.segments.list.get(self.place)?.cells);
        let far: Vec<f64> = cells.filter(|(noun, _)| tells(noun)).filter_map(|(_, cell)| cell.difference).collect();
        let mean = far.iter().sum::<f64>() / far.len() as f64;
        (!far.is_empty()).then_some(match mean {
            mean if mean >= UNCLEAR => Level::High,
            mean if mean <= -UNCLEAR => Level::Low,
            _ => Level::Middle,
        })
    }

    /// By the first result that tells of it and differs from all others', if not by chance and not by little.
    fn result(&self, tells: impl Fn(&Noun) -> bool) -> Option<Level> {
        let number = self.segments.list.get(self.place)?.number;
        let columns = self.nouns.iter().zip(&self.segments.effects).filter(|(noun, _)| tells(noun));
        columns.map(|(_, effect)| &effect.column).find_map(|column| {
            let outcome = self.segments.outcomes.iter().find(|outcome| outcome.column == *column)?;
            let lift = outcome.segments.iter().find(|lift| lift.segment == number && lift.real)?;
            match lift.effect? * if outcome.is_turned { -1.0 } else { 1.0 } {
                more if more >= SMALL => Some(Level::High),
                less if less <= -SMALL => Some(Level::Low),
                _ => None,
            }
        })
    }

    fn action(&self, play: &Play, because: String) -> Action {
        let size = self.segments.list[self.place].size;
        let few = || format!("{}; {size} are too few to prove an effect: read it as a sign", play.measure);
        Action {
            play: play.id.clone(),
            because: if because.is_empty() { "nothing that a play is for".to_owned() } else { because },
            kind: play.kind,
            offer: play.offer.clone(),
            channel: play.channel.clone(),
            moment: play.moment.clone(),
            tone: play.tone.clone(),
            measure: if size < FEW { few() } else { play.measure.clone() },
            avoid: play.avoid.clone(),
        }
    }
}
