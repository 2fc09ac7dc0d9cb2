//! The command line that gives what a screen shows.

use crate::tui::world::World;

/// `segmenta VERB FILE` with the features and whatever else differs from what the command does by itself.
pub fn command(verb: &str, world: &World, more: &[String]) -> String {
    let mut words = vec!["segmenta".to_owned(), verb.to_owned()];
    let path = world.table.as_ref().map(|table| table.source.path.display().to_string());
    words.push(quoted(&path.unwrap_or_else(|| world.title.clone())));
    if let Some(recipe) = &world.recipe {
        if !recipe.steps.is_empty() {
            words.extend(["--recipe".to_owned(), "recipe.toml".to_owned()]);
        } else if !recipe.roles.cluster.is_empty() {
            words.extend(["--features".to_owned(), quoted(&list(&recipe.roles.cluster))]);
        }
    } else if let Some(prepared) = &world.prepared {
        words.extend(["--features".to_owned(), quoted(&list(&prepared.pipeline.inputs))]);
    }
    words.extend(more.iter().cloned());
    words.join(" ")
}

/// Names with commas between them; a name with a comma or a quote in it is quoted as in a CSV file.
fn list(names: &[String]) -> String {
    let name = |name: &String| match name.contains([',', '"']) {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.clone(),
    };
    names.iter().map(name).collect::<Vec<_>>().join(",")
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |char: char| char.is_ascii_alphanumeric() || "-_./:=,@%+".contains(char);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::panes::fixtures;

    #[test]
    fn the_command_can_be_pasted_into_a_shell() {
        let command = command("compare", &fixtures::mall(), &["--k 2..10".to_owned()]);
        let features = "'Annual Income (k$),Spending Score (1-100)'";
        assert_eq!(command, format!("segmenta compare Mall_Customers.csv --features {features} --k 2..10"));
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(list(&["a,b".into(), "c".into()]), "\"a,b\",c");
    }
}
