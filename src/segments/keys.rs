//! Segments that were known before are found again by their centres: they keep their key and their name.

use std::collections::{BTreeMap, BTreeSet};

use super::{Effect, Segment, Segments, UNCLEAR};
use crate::recipe::KeptSegment;
use crate::table::Role;

/// The segments as a recipe keeps them.
pub fn kept(segments: &Segments) -> Vec<KeptSegment> {
    let keep = |segment: &Segment| KeptSegment {
        key: segment.key.clone(),
        name: segment.name.clone(),
        note: segment.note.clone(),
        centre: centre(&segments.effects, segment).into_iter().map(|(name, value, _)| (name, value)).collect(),
    };
    segments.list.iter().map(keep).collect()
}

/// What is known of segments from a recipe, and from a former study of it: where both know one, it may stand where either
/// says, and is called as the recipe says.
pub fn known(declared: &[KeptSegment], former: &[KeptSegment]) -> Vec<KeptSegment> {
    let called = |kept: &KeptSegment| match declared.iter().find(|other| other.key == kept.key) {
        Some(own) => KeptSegment { centre: kept.centre.clone(), ..own.clone() },
        None => kept.clone(),
    };
    declared.iter().cloned().chain(former.iter().map(called)).collect()
}

/// Gives the segments that stand where a kept one stood its key, name and note. One is found again where its centre lies
/// less than half a standard deviation from where it was, on average over the features; the nearest pairs first, each
/// key once. Of the others no one takes the key or the name of a kept one.
pub fn carry(segments: &mut Segments, kept: &[KeptSegment]) {
    let centres: Vec<_> = segments.list.iter().map(|segment| centre(&segments.effects, segment)).collect();
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (place, centre) in centres.iter().enumerate() {
        let distances =
            kept.iter().enumerate().filter_map(|(at, kept)| Some((distance(centre, &kept.centre)?, place, at)));
        pairs.extend(distances.filter(|(distance, ..)| *distance < UNCLEAR));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let (mut found, mut used) = (vec![None; segments.list.len()], BTreeSet::new());
    for (_, place, at) in pairs {
        if found[place].is_none() && used.insert(kept[at].key.as_str()) {
            found[place] = Some(at);
        }
    }
    for (segment, found) in segments.list.iter_mut().zip(&found) {
        match found.map(|at| &kept[at]) {
            Some(kept) => take_over(segment, kept),
            None => stand_aside(segment, kept),
        }
    }
}

fn take_over(segment: &mut Segment, kept: &KeptSegment) {
    segment.key.clone_from(&kept.key);
    segment.name.clone_from(&kept.name);
    segment.note.clone_from(&kept.note);
}

/// Another name and key than those of the kept ones.
fn stand_aside(segment: &mut Segment, kept: &[KeptSegment]) {
    let taken = |name: &str, of: fn(&KeptSegment) -> &str| kept.iter().any(|kept| of(kept) == name);
    let (name, key) = (segment.name.clone(), segment.key.clone());
    let mut copy = 1;
    while taken(&segment.name, |kept| &kept.name) {
        copy += 1;
        segment.name = format!("{name} ({copy})");
    }
    copy = 1;
    while taken(&segment.key, |kept| &kept.key) {
        copy += 1;
        segment.key = format!("{key}-{copy}");
    }
}

/// The means of the features, each with everyone's standard deviation: of a category `column=level`, its share.
fn centre(effects: &[Effect], segment: &Segment) -> Vec<(String, f64, f64)> {
    let mut centre = Vec::new();
    for (effect, cell) in effects.iter().zip(&segment.cells).filter(|(effect, _)| effect.role == Role::Cluster) {
        centre.extend(cell.mean.zip(effect.sd).map(|(mean, sd)| (effect.column.clone(), mean, sd)));
        let everyone: BTreeMap<&str, f64> =
            effect.levels.iter().map(|(level, share)| (level.as_str(), *share)).collect();
        centre.extend(cell.levels.iter().map(|(level, share, _)| {
            let all = everyone.get(level.as_str()).copied().unwrap_or(0.0);
            (format!("{}={level}", effect.column), *share, (all * (1.0 - all)).sqrt())
        }));
    }
    centre
}

/// The root mean square distance over the features that both have, in standard deviations; `None` where they share fewer
/// than half of them.
fn distance(centre: &[(String, f64, f64)], kept: &BTreeMap<String, f64>) -> Option<f64> {
    let shared = centre.iter().filter(|(.., sd)| *sd > 0.0);
    let squares: Vec<f64> =
        shared.filter_map(|(name, value, sd)| Some(((value - kept.get(name)?) / sd).powi(2))).collect();
    let most = centre.len().max(kept.len());
    (2 * squares.len() >= most && most > 0).then(|| (squares.iter().sum::<f64>() / squares.len() as f64).sqrt())
}
