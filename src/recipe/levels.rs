//! What a fitted category makes of single texts: for code that scores rows elsewhere.

use super::Category;

impl Category {
    /// The texts that it tells apart, those that are merged with others included.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let merged = self.merged.iter().map(|(from, _)| from).filter(|from| self.levels.binary_search(from).is_err());
        self.levels.iter().chain(merged).map(String::as_str)
    }

    /// The values of its columns for a text, or for none; `None` where such rows are left out.
    pub fn values(&self, text: Option<&str>) -> Option<Vec<f64>> {
        match text {
            Some(text) => Some(self.columns_of(self.level(text))),
            None => self.fill.map(|level| self.columns_of(Some(level))),
        }
    }

    /// The values of its columns for a text that was never seen.
    pub fn unknown(&self) -> Vec<f64> {
        self.columns_of(self.other)
    }

    fn columns_of(&self, level: Option<usize>) -> Vec<f64> {
        self.outputs().map(|output| self.value(level, output)).collect()
    }
}
