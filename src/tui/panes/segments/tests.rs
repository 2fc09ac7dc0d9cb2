#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyModifiers};

use super::*;
use crate::tui::panes::fixtures;
use crate::tui::panes::testing::{ascii, shot, styled};

fn on(number: usize) -> Segments {
    Segments { cursor: number - 1, ..Segments::default() }
}

fn picture(picture: Picture) -> Segments {
    Segments { picture, ..on(2) }
}

#[test]
fn the_card_at_80_by_24() {
    insta::assert_snapshot!(styled(&on(2), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_card_at_120_by_40() {
    insta::assert_snapshot!(shot(&on(3), &fixtures::mall(), &Look::default(), 120, 37));
}

#[test]
fn card_and_heat_map_at_160_by_45() {
    insta::assert_snapshot!(shot(&on(2), &fixtures::mall(), &Look::default(), 160, 42));
}

#[test]
fn the_heat_map() {
    insta::assert_snapshot!(shot(&picture(Picture::Heat), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_lines() {
    insta::assert_snapshot!(shot(&picture(Picture::Lines), &fixtures::mall(), &Look::default(), 80, 21));
}

#[test]
fn the_statistics() {
    let mut pane = on(2);
    pane.run("why", &fixtures::mall());
    insta::assert_snapshot!(shot(&pane, &fixtures::mall(), &Look::default(), 80, 21));
    assert!(pane.back());
}

#[test]
fn ascii_and_mono_lose_nothing() {
    let look = ascii();
    let text = shot(&on(2), &fixtures::mall(), &look, 80, 21);
    assert!(text.is_ascii() && !text.contains('?'), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn enter_lists_the_customers_and_esc_goes_back() {
    let (mut pane, world) = (on(2), fixtures::mall());
    assert_eq!(pane.run("segments.open", &world), Some(Vec::new()));
    pane.run("segments.down", &world);
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 14));
    pane.search(&world, "0119", true);
    pane.go_to(&world, 100);
    assert!(shot(&pane, &world, &Look::default(), 80, 14).contains("▸      101 0101"));
    assert!(pane.back());
    assert!(!pane.back());
}

#[test]
fn copying_hands_over_the_ids_or_says_why_not() {
    let (mut pane, mut world) = (on(5), fixtures::mall());
    let requests = pane.run("segments.copy", &world).unwrap();
    let Request::Copy(list, _) = &requests[0] else { panic!("{requests:?}") };
    assert!(list.starts_with("0179\n0180\n") && list.ends_with("0200"));
    let mut table = (**world.table.as_ref().unwrap()).clone();
    let long: Vec<String> = (0..200).map(|id| format!("{id:0>5000}")).collect();
    let codes = crate::matrix::Coded::from_texts(long.iter().map(|id| Some(id.as_str())));
    table.fields[0].column.values = crate::matrix::Values::Text(codes);
    world.table = Some(Arc::new(table));
    assert!(matches!(pane.run("segments.copy", &world).unwrap()[..], [Request::Say(_)]));
}

#[test]
fn a_name_is_typed_in_place() {
    let (mut pane, world) = (on(2), fixtures::mall());
    pane.run("segments.rename", &world);
    assert!(pane.typing());
    insta::assert_snapshot!(shot(&pane, &world, &Look::default(), 80, 12));
    pane.key(&world, KeyEvent::new(KeyCode::End, KeyModifiers::NONE));
    pane.key(&world, KeyEvent::new(KeyCode::Char('!'), KeyModifiers::NONE));
    let done = pane.key(&world, KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    assert_eq!(done, [Request::Rename(2, "High income, high spending!".into())]);
    assert!(!pane.typing());
}

#[test]
fn results_and_what_differs_most_are_on_the_card() {
    let mut profile = fixtures::segments();
    let (mut effect, mut cell) = (profile.effects[2].clone(), profile.list[0].cells[2].clone());
    (effect.column, effect.role, effect.kind) = ("Response".into(), Role::Outcome, Kind::YesNo);
    (effect.mean, cell.mean, cell.difference) = (Some(0.149), Some(0.27), Some(0.34));
    profile.effects.push(effect);
    profile.list.iter_mut().for_each(|segment| segment.cells.push(cell.clone()));
    assert_eq!(differences::chosen(&profile, &profile.list[0], 2), [1, 4]);
    assert_eq!(differences::chosen(&profile, &profile.list[0], 9), [0, 1, 2, 3, 4]);
    let mut world = fixtures::mall();
    world.segments.insert("kmeans-k5".into(), Arc::new(profile));
    insta::assert_snapshot!(shot(&on(1), &world, &Look::default(), 80, 21));
}

#[test]
fn empty_states_say_what_to_press() {
    let shown = |world: &World| shot(&Segments::default(), world, &Look::default(), 80, 12);
    let world = World { study: None, segments: std::collections::HashMap::new(), ..fixtures::mall() };
    assert!(shown(&world).contains("4 Compare"), "{}", shown(&world));
    assert!(shown(&World { table: None, prepared: None, ..world }).contains("being read"));
    let unread = Some(("no such file".to_owned(), "Ctrl-O opens another file"));
    assert!(shown(&World { unread, ..World::default() }).contains("no such file"));
}

#[test]
fn no_size_is_too_small_to_draw_and_clicks_choose() {
    let (mut pane, world) = (on(1), fixtures::mall());
    for (width, height) in [(1, 1), (40, 7), (41, 11), (60, 12), (79, 13), (140, 8), (140, 12), (300, 100)] {
        for picture in [Picture::Bars, Picture::Heat, Picture::Lines, Picture::Silhouettes, Picture::Tree] {
            shot(&Segments { picture, ..on(5) }, &world, &Look::default(), width, height);
        }
    }
    let area = Rect::new(0, 1, 80, 21);
    assert!(pane.click(&world, area, Position::new(9, 5), false).is_empty());
    assert_eq!(pane.cursor, 2);
    pane.click(&world, area, Position::new(9, 4), true);
    assert!(pane.customers.is_some());
}

use crate::table::{Kind, Role};

#[test]
fn the_smallest_screen_has_the_list_and_by_a_key_one_picture() {
    let world = fixtures::mall();
    let mut pane = on(1);
    let small = shot(&pane, &world, &Look::default(), 40, 7);
    assert!(small.contains("size holds") && small.contains("▸ ● 1 Middle income,"), "{small}");
    pane.run("segments.picture", &world);
    let heat = shot(&pane, &world, &Look::default(), 40, 7);
    assert!(heat.contains("difference from everyone") && heat.contains("◆ 2") && !heat.contains("size"), "{heat}");
    pane.run("segments.action", &world);
    assert!(shot(&pane, &world, &Look::default(), 40, 7).contains("Rule"));
}

#[test]
fn pictures_are_read_and_their_customers_listed() {
    let world = fixtures::mall();
    let mut pane = on(2);
    let says = pane.run("segments.read", &world).unwrap();
    assert!(matches!(&says[..], [Request::Say(words)] if words.contains("heat map, silhouettes and tree")));
    let mut pane = picture(Picture::Heat);
    pane.run("segments.read", &world);
    insta::assert_snapshot!("heat_read_80_by_24", styled(&pane, &world, &Look::default(), 80, 21));
    pane.run("segments.down", &world);
    pane.run("segments.right", &world);
    assert_eq!((pane.cursor, pane.reading.mark), (2, Some((1, 2))));
    let list = |pane: &mut Segments| match pane.run("segments.open", &world).unwrap().remove(0) {
        Request::List(listed) => listed,
        other => panic!("{other:?}"),
    };
    let here = list(&mut pane);
    assert_eq!((here.title.as_str(), here.expression.as_deref()), ("segment 3: 35 customers", Some("segment = 3")));
    assert!(pane.back() && pane.reading.mark.is_none());
    for (shown, name) in [(Picture::Silhouettes, "silhouettes"), (Picture::Tree, "tree")] {
        let mut pane = picture(shown);
        shot(&pane, &world, &Look::default(), 80, 21);
        pane.run("segments.read", &world);
        insta::assert_snapshot!(format!("{name}_read_80_by_24"), shot(&pane, &world, &Look::default(), 80, 21));
        assert!(list(&mut pane).count > 0);
        pane.run("segments.picture", &world);
        assert_eq!(pane.reading.mark, None);
    }
}
