#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use super::*;
use crate::tui::panes::fixtures;
use crate::tui::panes::testing::{ascii, shot, styled};

fn pane() -> Compare {
    Compare::default()
}

#[test]
fn the_runs_at_80_by_24() {
    insta::assert_snapshot!(styled(&pane(), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_runs_at_120_by_40() {
    insta::assert_snapshot!(shot(&pane(), &fixtures::mall(), &Look::default(), 120, 37));
}

#[test]
fn the_runs_at_160_by_45() {
    insta::assert_snapshot!(shot(&pane(), &fixtures::mall(), &Look::default(), 160, 42));
}

#[test]
fn the_runs_at_100_with_a_cursor_on_dbscan() {
    let (mut pane, world) = (pane(), fixtures::mall());
    pane.search(&world, "dbscan", true);
    pane.rest();
    assert_eq!(pane.run("compare.open", &world), Some(vec![Request::ChooseRun("dbscan-eps0.2031-min5".into())]));
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 100, 27));
}

#[test]
fn ascii_and_mono_lose_nothing() {
    let look = ascii();
    let text = shot(&pane(), &fixtures::mall(), &look, 160, 42);
    assert!(text.is_ascii());
    assert!(!text.contains('?'), "{text}");
    insta::assert_snapshot!(shot(&pane(), &fixtures::mall(), &look, 80, 21));
}

#[test]
fn why_says_votes_gates_and_what_is_rejected() {
    let (mut pane, world) = (pane(), fixtures::mall());
    pane.run("compare.last", &world);
    pane.run("why", &world);
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 34));
    assert!(pane.back());
    assert!(!pane.back());
}

#[test]
fn the_next_study_is_chosen_by_keys() {
    let (mut pane, world) = (pane(), fixtures::mall());
    for id in
        ["compare.wider", "compare.down", "compare.pin", "compare.down", "compare.down", "compare.down", "compare.pin"]
    {
        assert_eq!(pane.run(id, &world), Some(Vec::new()));
    }
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 18));
    let ids = ["kmeans", "gmm", "hdbscan", "dbscan"].map(str::to_owned).to_vec();
    assert_eq!(pane.run("compare.open", &world), Some(vec![Request::Study(ids, "2..15".into(), None)]));
}

#[test]
fn two_pinned_runs_stand_against_each_other() {
    let (mut pane, mut world) = (pane(), fixtures::mall());
    assert!(matches!(pane.run("compare.versus", &world).unwrap()[..], [Request::Say(_)]));
    world.pinned = vec!["kmeans-k5".into(), "dbscan-eps0.2031-min5".into()];
    pane.run("compare.versus", &world);
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 12));
}

#[test]
fn keys_move_over_the_line_and_back() {
    let (mut pane, world) = (pane(), fixtures::mall());
    (0..6).for_each(|_| drop(pane.run("compare.down", &world)));
    assert_eq!(pane.cursor.as_deref(), Some("kmeans-k6"));
    pane.run("compare.first", &world);
    assert_eq!(pane.cursor.as_deref(), Some("kmeans-k5"));
    pane.run("compare.up", &world);
    assert_eq!(pane.cursor.as_deref(), Some("kmeans-k5"));
    assert_eq!(pane.run("data.down", &world), None);
}

#[test]
fn what_stands_below_follows_once_the_cursor_rests_and_the_run_is_described() {
    let (mut pane, mut world) = (pane(), fixtures::mall());
    let below = |pane: &Compare, world: &World| pane.below(world).unwrap().id.clone();
    pane.run("compare.down", &world);
    let next = pane.cursor.clone().unwrap();
    assert!(pane.moves() && pane.needs(&world).is_empty());
    pane.settle(&world);
    assert_eq!(below(&pane, &world), "kmeans-k5");
    pane.rest();
    pane.settle(&world);
    assert_eq!(pane.needs(&world), [Request::NeedSegments(next.clone())]);
    assert!(!pane.moves() && below(&pane, &world) == "kmeans-k5");
    assert!(shot(&pane, &world, &Look::default(), 120, 36).contains("segments of k-means k=5; ward k=5 is being"));
    let segments = world.segments["kmeans-k5"].clone();
    world.segments.insert(next.clone(), segments);
    pane.settle(&world);
    assert_eq!(below(&pane, &world), next);
}

#[test]
fn a_click_takes_the_row_and_a_second_opens_it() {
    let (mut pane, world, area) = (pane(), fixtures::mall(), Rect::new(0, 1, 80, 21));
    assert!(pane.click(&world, area, Position::new(9, 7), false).is_empty());
    assert_eq!(pane.cursor.as_deref(), Some("ward-k5"));
    let opened = pane.click(&world, area, Position::new(9, 9), true);
    assert_eq!(opened, [Request::ChooseRun("kmeans-k3".into())]);
}

#[test]
fn empty_states_say_what_to_press() {
    let look = Look::default();
    let empty = crate::tui::world::World::default();
    insta::assert_snapshot!("reading", shot(&pane(), &empty, &look, 80, 12));
    let prepared = World { prepared: fixtures::mall().prepared, ..World::default() };
    insta::assert_snapshot!("not_begun", shot(&pane(), &prepared, &look, 80, 12));
}

#[test]
fn a_first_look_shows_how_far_it_is() {
    let mut world = fixtures::mall();
    let mut study = fixtures::study();
    study.recommendation.id = None;
    study.runs.iter_mut().skip(3).for_each(|run| run.status = crate::study::Status::Waiting);
    world.study = Some(Arc::new(study));
    world.studying = true;
    insta::assert_snapshot!(shot(&pane(), &world, &Look::default(), 80, 21));
}

#[test]
fn no_size_is_too_small_to_draw() {
    let world = fixtures::mall();
    for (width, height) in [(1, 1), (10, 3), (60, 12), (79, 13), (200, 5), (150, 34), (300, 100)] {
        shot(&pane(), &world, &Look::default(), width, height);
    }
}

#[test]
fn a_small_terminal_still_shows_the_answer_and_the_runs() {
    let world = fixtures::mall();
    insta::assert_snapshot!(shot(&pane(), &world, &Look::default(), 40, 7));
}

#[test]
fn the_run_that_is_open_the_star_and_pinned_ones_are_all_seen() {
    let mut world = fixtures::mall();
    world.pinned = vec!["kmeans-k5".into()];
    let first = |world: &World| {
        let screen = shot(&pane(), world, &Look::default(), 80, 21);
        let line = screen.lines().find(|line| line.contains("k-means") && line.contains("k=5")).unwrap().to_owned();
        line.trim_start_matches('"').to_owned()
    };
    assert!(first(&world).starts_with("▸★◇»"), "{}", first(&world));
    world.chosen = Some("kmeans-k3".into());
    assert!(first(&world).starts_with("▸★◇ "), "{}", first(&world));
    assert!(shot(&pane(), &world, &Look::default(), 80, 21).contains("   »  4 k-means"));
}

#[test]
fn figures_of_two_columns_never_touch() {
    let mut study = fixtures::study();
    for run in &mut study.runs {
        if let Some(stability) = &mut run.stability {
            stability.jaccards.iter_mut().for_each(|holds| *holds = 0.5);
        }
    }
    let world = World { study: Some(Arc::new(study)), ..fixtures::mall() };
    for width in [40, 60, 80, 100, 120, 160, 200] {
        let screen = shot(&pane(), &world, &Look::default(), width, 42);
        let touching = screen.lines().find(|line| {
            let signs: Vec<char> = line.chars().collect();
            signs.windows(2).any(|pair| pair[0] == '!' && pair[1].is_ascii_digit())
        });
        assert_eq!(touching, None, "{width}");
    }
}

#[test]
fn a_sorted_list_passes_no_run_over() {
    let (mut pane, world) = (pane(), fixtures::mall());
    let study = world.study.as_deref().unwrap();
    assert_eq!(pane.listed(study).all().count(), 10, "the best of each algorithm");
    pane.sort = Sort::DaviesBouldin.into();
    assert_eq!(pane.listed(study).all().count(), 17);
}

#[test]
fn how_the_runs_are_sorted_goes_into_a_session_and_back() {
    let (mut pane, world) = (pane(), fixtures::mall());
    assert_eq!(pane.list_order(), None);
    shot(&pane, &world, &Look::default(), 80, 21);
    pane.run("compare.sort", &world);
    pane.run("compare.turn", &world);
    let kept = pane.list_order().unwrap();
    let mut other = Compare::default();
    other.order_list(&kept);
    assert_eq!(other.sort, pane.sort);
    other.order_list("no column");
    assert_eq!(other.sort, pane.sort);
}

#[test]
fn a_run_that_is_not_listed_is_found_and_then_listed() {
    let (mut pane, world) = (pane(), fixtures::mall());
    shot(&pane, &world, &Look::default(), 80, 21);
    let listed = |pane: &Compare| pane.listed(world.study.as_ref().unwrap()).all().any(|run| run.id == "kmeans-k10");
    assert!(!listed(&pane));
    assert!(pane.search(&world, "k-means k=10", true) && listed(&pane));
    assert_eq!(pane.cursor.as_deref(), Some("kmeans-k10"));
    assert!(!pane.search(&world, "no such run", true));
}

#[test]
fn the_note_says_what_is_not_shown() {
    let (mut pane, world, area) = (pane(), fixtures::mall(), Rect::new(0, 1, 80, 21));
    assert_eq!(pane.note(&world, area), "9 of 17 shown, z all · v curves · » is open");
    pane.run("compare.all", &world);
    assert_eq!(pane.note(&world, area), "17 runs · v curves · » is open");
}

#[test]
fn it_asks_for_what_it_shows() {
    let (pane, mut world) = (pane(), fixtures::mall());
    assert!(pane.needs(&world).is_empty());
    world.segments.clear();
    assert_eq!(pane.needs(&world), [Request::NeedSegments("kmeans-k5".into())]);
}
