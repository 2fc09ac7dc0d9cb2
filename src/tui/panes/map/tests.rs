#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use super::*;
use crate::engine::looking::Looked;
use crate::engine::values::{Embedding, Reachability};
use crate::tui::action::Listed;
use crate::tui::panes::fixtures;
use crate::tui::panes::testing::{ascii, shot, styled};

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

/// DBSCAN's run is shown; its walk falls into five valleys, and the rows stand on a plane.
fn walked() -> World {
    let mut world = World { chosen: Some("dbscan-eps0.2031-min5".into()), ..fixtures::mall() };
    let peaks = [0, 81, 120, 155, 178];
    let reach = (0..200).map(|at| match at {
        0 => f64::INFINITY,
        at if peaks.contains(&at) => 1.4,
        at => 0.12 + 0.02 * (at % 7) as f64,
    });
    let walk = Reachability { order: (0..200).collect(), reach: reach.collect(), min_samples: 5, rows: 200 };
    world.reachability.insert("dbscan-eps0.2031-min5".into(), Arc::new(walk));
    let chosen: Vec<u32> = (0..200).step_by(2).collect();
    let angle = |row: u32| f64::from(row) * 0.4;
    let points = chosen.iter().map(|&row| [f64::from(row) * angle(row).cos(), f64::from(row) * angle(row).sin()]);
    world.embedding = Some(Arc::new(Embedding { points: points.collect(), chosen, rows: 200 }));
    world
}

#[test]
fn the_reachability_and_the_t_sne_view() {
    let world = walked();
    for (view, name) in [(View::Reachability, "reachability"), (View::Near, "t_sne")] {
        let pane = viewing(view);
        insta::assert_snapshot!(format!("{name}_80_by_24"), shot(&pane, &world, &Look::default(), 80, 21));
        insta::assert_snapshot!(format!("{name}_120_by_40"), shot(&pane, &world, &Look::default(), 120, 37));
        let text = shot(&pane, &world, &ascii(), 80, 21);
        assert!(text.is_ascii() && !text.contains('?'), "{text}");
    }
}

#[test]
fn the_pictures_go_round_and_the_walk_is_for_runs_by_density() {
    let (mut pane, world) = (Map::default(), walked());
    let titles: Vec<&str> = (0..5)
        .map(|_| {
            pane.run("map.picture", &world);
            pane.view.title()
        })
        .collect();
    assert_eq!(titles, ["silhouettes", "tree", "reachability", "t-SNE", "map"]);
    assert_eq!(viewing(View::Near).note(&world, Rect::default()), "picture 5 of 5: t-SNE, v next");
    let mut pane = viewing(View::Reachability);
    pane.settle(&fixtures::mall());
    assert_eq!(
        (pane.view, pane.note(&fixtures::mall(), Rect::default())),
        (View::Cloud, "picture 1 of 4: map, v next".into())
    );
}

#[test]
fn what_was_stopped_is_begun_again_only_when_it_is_asked_for() {
    let world = World { embedding: None, stopped: true, ..walked() };
    assert!(!viewing(View::Near).needs(&world).contains(&Request::NeedEmbedding));
    assert!(shot(&viewing(View::Near), &world, &Look::default(), 80, 21).contains("stopped"));
    assert_eq!(viewing(View::Reachability).run("map.picture", &world), Some(vec![Request::NeedEmbedding]));
}

#[test]
fn the_map_is_read_cell_by_cell() {
    let (mut pane, world) = (Map::default(), fixtures::mall());
    shot(&pane, &world, &Look::default(), 80, 21);
    pane.run("map.read", &world);
    insta::assert_snapshot!("read_80_by_24", shot(&pane, &world, &Look::default(), 80, 21));
    let mark = pane.mark.unwrap();
    pane.run("map.left", &world);
    pane.run("map.up", &world);
    assert_eq!((pane.mark, pane.only), (Some((mark.0 - 1, mark.1 - 1)), None));
    pane.mark = Some(mark);
    let here = listed(&mut pane, &world);
    assert!(here.title.contains(&format!(": {} customer", here.count)), "{here:?}");
    assert!(here.lines[0].1.contains("Annual Income (k$) "), "{here:?}");
    assert!(here.expression.unwrap().starts_with("\"Annual Income (k$)\" >= "));
    assert!(pane.back() && pane.mark.is_none());
    let waiting = World { dendrogram: None, ..fixtures::mall() };
    let says = viewing(View::Tree).run("map.read", &waiting).unwrap();
    assert!(matches!(&says[..], [Request::Say(words)] if words.contains("not yet")));
}

fn listed(pane: &mut Map, world: &World) -> Listed {
    match pane.run("map.open", world).unwrap().remove(0) {
        Request::List(listed) => listed,
        other => panic!("{other:?}"),
    }
}

/// Drawn, then read.
fn reading(view: View, world: &World) -> Map {
    let mut pane = viewing(view);
    shot(&pane, world, &Look::default(), 80, 21);
    assert_eq!(pane.run("map.read", world), Some(Vec::new()));
    pane
}

fn head(pane: &Map, world: &World) -> String {
    shot(pane, world, &Look::default(), 80, 21).lines().next().unwrap().to_owned()
}

#[test]
fn silhouettes_are_read_bar_by_bar_and_customer_by_customer() {
    let world = fixtures::mall();
    let mut pane = reading(View::Silhouettes, &world);
    pane.run("map.down", &world);
    insta::assert_snapshot!("silhouette_read_80_by_24", styled(&pane, &world, &Look::default(), 80, 21));
    let bar = listed(&mut pane, &world);
    assert!(bar.title.starts_with("segment 1, silhouette ") && bar.lines[0].1.starts_with("silhouette ."), "{bar:?}");
    assert!(bar.expression.unwrap().contains("row "));
    let first = head(&pane, &world);
    pane.run("map.right", &world);
    assert_ne!(head(&pane, &world), first);
    (0..99).for_each(|_| drop(pane.run("map.down", &world)));
    assert!(head(&pane, &world).contains("✚ 5, 0"), "{}", head(&pane, &world));
    (0..99).for_each(|_| drop(pane.run("map.right", &world)));
    assert!(head(&pane, &world).contains("place 22 of 22"), "{}", head(&pane, &world));
    assert!(pane.back());
}

#[test]
fn the_walk_is_read_stretch_by_stretch() {
    let world = walked();
    let mut pane = reading(View::Reachability, &world);
    (0..200).for_each(|_| drop(pane.run("map.left", &world)));
    insta::assert_snapshot!("walk_read_80_by_24", shot(&pane, &world, &Look::default(), 80, 21));
    let stretch = listed(&mut pane, &world);
    assert!(stretch.lines[0].1.starts_with("the walk begins · "), "{stretch:?}");
    assert!(stretch.lines[1].1.starts_with("step ."), "{stretch:?}");
    (0..200).for_each(|_| drop(pane.run("map.right", &world)));
    assert!(head(&pane, &world).contains("200 of 200 in the walk"), "{}", head(&pane, &world));
}

#[test]
fn the_tree_is_read_branch_by_branch() {
    let world = fixtures::mall();
    let mut pane = reading(View::Tree, &world);
    insta::assert_snapshot!("branch_read_80_by_24", styled(&pane, &world, &Look::default(), 80, 21));
    let count = |pane: &mut Map| listed(pane, &world).count;
    assert!(head(&pane, &world).contains("a branch of 126 customers: "), "{}", head(&pane, &world));
    assert_eq!(count(&mut pane), 126);
    pane.run("map.up", &world);
    assert!(head(&pane, &world).contains("a branch of 200 customers"), "{}", head(&pane, &world));
    (0..9).for_each(|_| drop(pane.run("map.down", &world)));
    let mut sizes = vec![count(&mut pane)];
    loop {
        let before = pane.mark;
        pane.run("map.right", &world);
        if pane.mark == before {
            break;
        }
        sizes.push(count(&mut pane));
    }
    assert_eq!((sizes.len(), sizes.iter().sum::<usize>()), (10, 200), "{sizes:?}");
    assert!(shot(&pane, &world, &ascii(), 80, 21).is_ascii());
}

#[test]
fn rows_that_are_looked_at_show_in_every_picture() {
    let rows: Vec<u32> = (0..120).step_by(3).collect();
    let looked = Looked::new("some".to_owned(), rows, 200);
    let world = World { looked: Some(Arc::new(looked)), ..walked() };
    let mall = World { chosen: None, ..world.clone() };
    for (view, world, says) in [
        (View::Cloud, &mall, "40 of 200 customers"),
        (View::Silhouettes, &mall, "40 of 200 customers"),
        (View::Tree, &mall, "40 of 200 customers"),
        (View::Reachability, &world, "40 of 200 customers"),
    ] {
        let text = shot(&viewing(view), world, &Look::default(), 80, 21);
        let first = text.lines().next().unwrap();
        assert!(first.contains(says), "{first}");
        insta::assert_snapshot!(format!("looked_{}_80_by_24", view.title()), text);
    }
    // A list says how many of those who are there are looked at.
    let mut tree = reading(View::Tree, &mall);
    tree.run("map.up", &mall);
    let all = listed(&mut tree, &mall);
    assert!(all.count == 40 && all.title.ends_with("all of them, 40 looked at"), "{}", all.title);
}

#[test]
fn every_picture_has_its_figures() {
    let world = walked();
    let lines = |view, world: &World| {
        let chart = viewing(view).shown(world).and_then(|shown| shown.chart(world)).unwrap();
        let table = String::from_utf8(crate::report::chart::csv(&chart).unwrap()).unwrap();
        (table.lines().next().unwrap().to_owned(), table.lines().count() - 1, chart.panels.len())
    };
    assert_eq!(lines(View::Cloud, &world), ("row,x,y,segment".into(), 200, 1));
    assert_eq!(lines(View::Near, &world), ("row,x,y,segment".into(), 100, 1));
    assert_eq!(lines(View::Reachability, &world), ("place,row,reachability,segment".into(), 200, 1));
    assert_eq!(lines(View::Silhouettes, &fixtures::mall()), ("row,segment,silhouette".into(), 200, 0));
    assert_eq!(lines(View::Tree, &world), ("a,b,height,customers".into(), 9, 1));
}

#[test]
fn ascii_and_mono_lose_nothing() {
    let look = ascii();
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
fn a_legend_without_room_for_all_says_how_many_more_there_are() {
    let mut world = fixtures::mall();
    let study = world.study.clone().unwrap();
    world.chosen = Some("kmeans-k10".into());
    let run = study.run("kmeans-k10").unwrap();
    for (width, height) in [(80, 21), (60, 14), (120, 33)] {
        let screen = shot(&viewing(View::Cloud), &world, &Look::default(), width, height);
        let shown =
            (1..=10).filter(|number| screen.contains(&format!("{} {number:<2} ", Look::default().glyph(*number))));
        let missing = run.labels.clusters() - shown.count();
        assert!(missing == 0 || screen.contains(&format!("and {missing} more")), "{width}: {screen}");
    }
}

#[test]
fn a_small_terminal_still_shows_a_map() {
    insta::assert_snapshot!(shot(&viewing(View::Cloud), &fixtures::mall(), &Look::default(), 40, 7));
}

#[test]
fn the_footer_offers_a_nearer_only_of_clouds() {
    let world = fixtures::mall();
    for (view, has) in [(View::Cloud, true), (View::Near, true), (View::Tree, false), (View::Silhouettes, false)] {
        assert_eq!(viewing(view).offers(&world, "map.in"), has, "{view:?}");
    }
}

#[test]
fn no_size_is_too_small_to_draw() {
    let world = fixtures::mall();
    for (width, height) in [(1, 1), (60, 12), (79, 13), (300, 100)] {
        for view in [View::Cloud, View::Silhouettes, View::Tree, View::Near] {
            shot(&viewing(view), &world, &Look::default(), width, height);
        }
    }
    let unstudied = World { study: None, ..fixtures::mall() };
    assert!(shot(&Map::default(), &unstudied, &Look::default(), 80, 12).contains("4 Compare"));
}
