//! What is written and kept by keys: exports, charts, models; jobs that are stopped, and quitting.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use super::action::Tab;
use super::backend::{Job, JobStatus, News, ShownRun, Work};
use super::desk::{Desk, studied};
use super::panes::fixtures as mall;
use super::state::Tone;
use crate::engine::contacts::Contacts;
use crate::engine::migrations::{Migrated, Way};
use crate::engine::values::Exported;

#[test]
fn from_file_to_file_in_five_keys() {
    let mut desk = studied();
    desk.keys("4 enter e");
    insta::assert_snapshot!(desk.screen());
    assert_eq!(desk.state.tab, Tab::Segments);
    desk.keys("enter");
    let Work::Export { shown: ShownRun { run, .. }, path, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((run.as_str(), path.to_str().unwrap()), ("kmeans-k5", "campaign-segments.csv"));
    desk.keys("q");
    assert!(desk.state.over);
}

#[test]
fn contacts_and_the_hand_over_are_reached_from_the_export_sheet() {
    let mut desk = studied();
    desk.news(News::Segments(Arc::new(mall::segments())));
    desk.keys("5 e ctrl-o");
    assert!(desk.screen().contains("the hand-over"), "{}", desk.screen());
    desk.keys("down down down down 1 0 % down s p r i n g enter");
    let export = desk.state.world.recipe.as_ref().unwrap().export.clone();
    assert_eq!((export.control.as_deref(), export.campaign.as_str()), (Some("10%"), "spring"));
    assert!(desk.state.world.study.is_some(), "nothing is studied again");
    desk.keys("e");
    assert!(desk.screen().contains("10% are left alone, campaign spring"), "{}", desk.screen());
    desk.keys("ctrl-l");
    insta::assert_snapshot!(desk.screen());
    desk.keys("enter");
    let Work::Contacts { shown: ShownRun { run, subject, .. }, path, .. } = desk.newest() else {
        panic!("{:?}", desk.newest())
    };
    assert_eq!((run.as_str(), path.to_str().unwrap()), ("kmeans-k5", "campaign-contacts.csv"));
    assert_eq!(subject.recipe.export, export);
    desk.news(News::Listed(Contacts { customers: 200, control: 21, withheld: 3 }, "a.csv".into()));
    assert!(desk.message().contains("200 customers in a.csv, 21 of them to be left alone"), "{}", desk.message());
}

#[test]
fn who_moved_is_written_all_or_one_cell() {
    let mut desk = studied();
    desk.news(News::Segments(Arc::new(mall::segments())));
    desk.keys("5 W");
    assert!(desk.message().contains("nobody was followed yet"), "{}", desk.message());
    let migrated = Migrated { customers: Vec::new(), migrations: Vec::new(), forecast: None };
    desk.state.world.migrated = Some(Arc::new(migrated));
    desk.keys("W space f r o m = 9 enter");
    assert!(desk.message().contains("there is no segment \"9\""), "{}", desk.message());
    desk.keys("W space f r o m = 1 space t o = 2 enter");
    let Work::Movers { path, way, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!(path.to_str().unwrap(), "campaign-moved.csv");
    assert_eq!(*way, Way::of(Some("1"), Some("2"), &mall::segments()).unwrap());
}

#[test]
fn segments_that_were_shown_are_known_to_the_next_study_of_the_same_features() {
    let mut desk = studied();
    desk.news(News::Segments(Arc::new(mall::segments())));
    let known = |desk: &Desk| desk.state.world.remembering().unwrap().kept;
    assert!(known(&desk).is_empty(), "nothing to find again before anything changed");
    desk.keys("3 s");
    let names: Vec<String> = known(&desk).iter().map(|kept| kept.name.clone()).collect();
    assert_eq!(names, mall::segments().list.iter().map(|segment| segment.name.clone()).collect::<Vec<_>>());
    assert!(desk.state.world.recipe.as_ref().unwrap().kept.is_empty(), "the recipe says only what a hand wrote");
    // By other features others are found: their names speak of these.
    desk.keys("1 / i n c enter space");
    assert!(known(&desk).is_empty());
    desk.keys("u");
    assert_eq!(known(&desk).len(), 5);
}

#[test]
fn the_chart_that_is_shown_is_saved_by_key() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("ctrl-g");
    assert!(desk.message().contains("no chart is shown here"), "{}", desk.message());
    desk.keys("2 ctrl-g enter");
    let Work::Chart { chart, path, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!(path.to_str().unwrap(), format!("campaign-{}.svg", chart.name));
    let mut desk = studied();
    desk.keys("4 ctrl-g enter");
    assert!(matches!(desk.newest(), Work::Chart { chart, .. } if chart.heads[1] == "segments"));
    desk.news(News::Segments(Arc::new(mall::segments())));
    // Where the report draws the picture, the chart has its figures only.
    desk.keys("5 ctrl-g enter");
    let Work::Report { figure, path, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((figure.as_str(), path.to_str().unwrap()), ("segment-1", "campaign-means.svg"));
    desk.keys("ctrl-g backspace backspace backspace c s v enter");
    assert!(matches!(desk.newest(), Work::Chart { path, .. } if path.to_str() == Some("campaign-means.csv")));
}

#[test]
fn the_model_is_saved_by_key() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("ctrl-e");
    assert!(desk.message().contains("there is no model yet"));
    let mut desk = studied();
    desk.keys("ctrl-e enter");
    let Work::Model { shown: ShownRun { run, .. }, path } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert_eq!((run.as_str(), path.to_str().unwrap()), ("kmeans-k5", "campaign.model.json"));
    desk.keys("ctrl-t");
    desk.keys("enter");
    let Work::Train { by, .. } = desk.newest() else { panic!("{:?}", desk.newest()) };
    assert!(!by.is_empty());
    desk.news(News::Model("a.json".into()));
    assert!(desk.message().contains("model written: a.json"));
}

#[test]
fn quitting_asks_only_when_something_would_be_lost() {
    let mut desk = Desk::campaign(80, 24);
    desk.keys("j space q");
    assert!(!desk.state.over && desk.message().contains("q again"));
    desk.keys("j q");
    assert!(!desk.state.over, "another key in between, so it is asked again");
    desk.keys("q");
    assert!(desk.state.over);
}

#[test]
fn quitting_asks_while_an_export_runs_and_not_after_it_was_reported() {
    let mut desk = studied();
    desk.news(News::Progress(vec![job(Job::Export)]));
    desk.keys("q");
    assert!(!desk.state.over && desk.message().contains("the export is still being written"));
    desk.news(News::Progress(Vec::new()));
    let (file, lookup) = ("out.csv".into(), "out-segments.csv".into());
    desk.news(News::Exported(Exported { file, lookup, rows: 5, ..Exported::default() }));
    desk.keys("q");
    assert!(desk.state.over);
}

fn job(job: Job) -> JobStatus {
    JobStatus { job, name: "study".into(), done: 24, total: 29, what: "redraws".into(), can_cancel: true }
}

#[test]
fn what_is_said_and_a_job_share_the_status_line() {
    let lines = |tone: Tone, said: &str| -> [String; 2] {
        let mut desk = studied();
        desk.news(News::Progress(vec![job(Job::Study)]));
        desk.state.say(tone, said);
        let screen = desk.screen();
        [21, 22].map(|line| screen.lines().nth(line).unwrap().trim().to_owned())
    };
    let line = |tone: Tone, said: &str| lines(tone, said)[1].clone();
    let long = "a sentence that needs so much of the line that nothing else has room beside its last word";
    assert!(line(Tone::Good, "done").ends_with("study: redraws 24 of 29 ▓▓▓▓▓▓▓▓░░"));
    assert!(line(Tone::Good, &long[..60]).ends_with("  study 24/29"));
    assert_eq!(lines(Tone::Plain, long).join(" "), long, "what is longer than the line stands whole");
    assert_eq!(lines(Tone::Bad, long).join(" "), format!("! {long}"));
}

#[test]
fn esc_and_ctrl_c_stop_the_job_of_the_place() {
    let mut desk = studied();
    desk.news(News::Progress(vec![job(Job::Study)]));
    assert!(desk.screen().contains("study: redraws 24 of 29 ▓▓▓▓▓▓▓▓░░"), "{}", desk.screen());
    assert!(!desk.screen().contains("Esc stops"), "not of this place");
    desk.keys("4");
    assert!(desk.screen().contains("Esc stops"));
    desk.keys("esc");
    assert!(matches!(desk.newest(), Work::Cancel(Job::Study)));
    desk.keys("ctrl-c");
    assert!(!desk.state.over);
    desk.news(News::Progress(Vec::new()));
    desk.keys("ctrl-c");
    assert!(desk.state.over);
}
