//! The binary: parse, choose the front end, exit code.

use std::process::ExitCode;
use std::time::Duration;

use mimalloc::MiMalloc;
use segmenta::cli::{self, KeyRow, Opening, Others, ReplayArgs, ServeArgs, TokenScope};
use segmenta::error::Result;
use segmenta::server::{self, Limits, Scope};
use segmenta::tui;

/// Studies and tables allocate much and small on all threads: it takes 6 % less CPU than the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = cli::parse();
    let status = match cli::begin_log().and_then(|()| cli.workbench()) {
        Ok(Some(opening)) => workbench(opening),
        Ok(None) => {
            let replay = |args: &ReplayArgs| tui::replay::replay(&args.log, args.to.as_deref(), args.quiet);
            Ok(cli::run(cli, &Others { keys: &keys(), replay, serve }))
        }
        Err(error) => Err(error),
    };
    ExitCode::from(status.unwrap_or_else(|error| cli::report(&error)))
}

fn workbench(opening: Opening) -> Result<u8> {
    let ended = tui::start::open(tui::start::Opening {
        source: opening.source,
        choices: opening.choices,
        recipe: opening.recipe,
        color: opening.color,
        threads: opening.threads,
        resume: opening.resume,
        named: opening.named,
    })?;
    Ok(ended.map_or(0, |exit| exit as u8))
}

/// Serves a model, or makes a token for a server.
fn serve(args: &ServeArgs) -> Result<()> {
    let Some(model) = &args.model else { return new_token(args) };
    let limits = Limits {
        body: args.max_body.get() << 20,
        rows: args.max_rows.get(),
        time: Duration::from_secs(args.timeout.get().into()),
        at_once: args.at_once.get(),
        rate: args.rate,
    };
    let (config, tokens) = (args.config.clone(), args.tokens.clone());
    let opening = server::Opening { model: model.clone(), config, address: args.listen, tokens, limits };
    server::open(&opening, |address| eprintln!("{} is served on http://{address}/v1, Ctrl-C ends it", model.display()))
}

/// The token goes to the standard output, alone; its entry, as a file of tokens has it, to the standard error.
fn new_token(args: &ServeArgs) -> Result<()> {
    let scope = match args.scope {
        TokenScope::Predict => Scope::Predict,
        TokenScope::Train => Scope::Train,
        TokenScope::Admin => Scope::Admin,
    };
    let (token, entry) = server::new_token(args.new_token.as_deref().unwrap_or_default(), scope);
    cli::print(&format!("{token}\n"))?;
    eprintln!("# For the file of `segmenta serve --tokens FILE`. The token itself is shown this once.\n{entry}");
    Ok(())
}

/// The workbench's keys, for `keys` and the manual page.
fn keys() -> Vec<KeyRow> {
    let row = |command: tui::command::Command| KeyRow {
        place: command.place.title().to_owned(),
        keys: command.keys.iter().map(|&key| key.to_owned()).collect(),
        id: command.id.to_owned(),
        help: command.help.to_owned(),
    };
    tui::state::table_of(&tui::panes::all()).into_iter().map(row).collect()
}
