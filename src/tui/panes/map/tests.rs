#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::tui::look::{Depth, Glyphs};
use crate::tui::panes::fixtures;
use crate::tui::panes::testing::{shot, styled};

fn viewing(view: View) -> Map {
    Map { view, ..Map::default() }
}

#[test]
fn the_map_at_80_by_24() {
    insta::assert_snapshot!(styled(&viewing(View::Cloud), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_pca_view_where_there_are_more_features() {
    let mut world = fixtures::mall();
    world.prepared = None;
    insta::assert_snapshot!(shot(&viewing(View::Cloud), &world, &Look::default(), 120, 37));
}

#[test]
fn the_silhouettes() {
    insta::assert_snapshot!(shot(&viewing(View::Silhouettes), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_tree_and_its_cut() {
    let (mut pane, world) = (viewing(View::Tree), fixtures::mall());
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 21));
    pane.run("map.left", &world);
    assert!(shot(&pane, &world, &Look::default(), 80, 21).contains("cut into 4 groups"));
}

#[test]
fn ascii_and_mono_lose_nothing() {
    let look = Look { depth: Depth::Mono, glyphs: Glyphs::Ascii, ..Look::default() };
    for view in [View::Cloud, View::Silhouettes, View::Tree] {
        let text = shot(&viewing(view), &fixtures::mall(), &look, 80, 21);
        assert!(text.is_ascii() && !text.contains('?'), "{text}");
    }
}

#[test]
fn one_segment_alone_and_nearer() {
    let (mut pane, world) = (Map::default(), fixtures::mall());
    pane.run("map.up", &world);
    assert_eq!(pane.only, Some(5));
    pane.run("map.down", &world);
    assert_eq!(pane.only, None);
    pane.run("map.in", &world);
    pane.run("map.left", &world);
    assert_eq!(pane.window, Window { middle: (0.375, 0.5), share: 0.5 });
    assert!(shot(&pane, &world, &Look::default(), 80, 21).contains("2× nearer"));
    assert!(pane.back());
    assert!(!pane.back());
}

#[test]
fn it_asks_for_what_it_shows() {
    let world = World { projection: None, silhouettes: [].into(), dendrogram: None, ..fixtures::mall() };
    assert_eq!(viewing(View::Cloud).needs(&world), [Request::NeedProjection]);
    assert_eq!(viewing(View::Silhouettes).needs(&world), [Request::NeedSilhouettes("kmeans-k5".into())]);
    assert_eq!(viewing(View::Tree).needs(&world), [Request::NeedDendrogram]);
    assert!(shot(&viewing(View::Tree), &world, &Look::default(), 80, 21).contains("being computed"));
}

#[test]
fn no_size_is_too_small_to_draw() {
    let world = fixtures::mall();
    for (width, height) in [(1, 1), (60, 12), (79, 13), (300, 100)] {
        for view in [View::Cloud, View::Silhouettes, View::Tree] {
            shot(&viewing(view), &world, &Look::default(), width, height);
        }
    }
    assert!(shot(&Map::default(), &World::default(), &Look::default(), 80, 12).contains("4 Compare"));
}
