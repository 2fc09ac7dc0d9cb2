//! What a column's name says about it.

use super::personal::Personal;

/// The words of a column's name, in lower case: `AcceptedCmp3` is accepted, cmp, 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(Vec<String>);

const ID: [&str; 10] = ["id", "ids", "key", "uuid", "guid", "code", "ref", "identifier", "handle", "sku"];
const CUSTOMER: [&str; 18] = [
    "customer",
    "client",
    "cust",
    "user",
    "member",
    "account",
    "buyer",
    "shopper",
    "household",
    "subscriber",
    "guest",
    "cardholder",
    "kunde",
    "kunden",
    "passenger",
    "patient",
    "contact",
    "person",
];
const ORDER: [&str; 10] =
    ["order", "invoice", "transaction", "receipt", "bill", "basket", "ticket", "sale", "trans", "bestellung"];
const CODES: [&str; 27] = [
    "channel",
    "region",
    "code",
    "type",
    "class",
    "category",
    "group",
    "segment",
    "cluster",
    "zone",
    "district",
    "branch",
    "store",
    "department",
    "dept",
    "gender",
    "sex",
    "status",
    "education",
    "marital",
    "country",
    "state",
    "city",
    "area",
    "territory",
    "plan",
    "tier",
];
const OUTCOMES: [&str; 34] = [
    "response",
    "responded",
    "responder",
    "respond",
    "accepted",
    "accept",
    "churn",
    "churned",
    "converted",
    "convert",
    "conversion",
    "complain",
    "complained",
    "complaint",
    "complaints",
    "clicked",
    "click",
    "bought",
    "purchased",
    "subscribed",
    "target",
    "outcome",
    "label",
    "exited",
    "attrition",
    "renewed",
    "cancelled",
    "canceled",
    "defaulted",
    "returned",
    "retained",
    "redeemed",
    "award",
    "lapsed",
];
/// What a word of a name says about a person.
const PERSONAL: [(Personal, &[&str]); 7] = [
    (Personal::Email, &["email", "mail", "emailaddress"]),
    (Personal::Phone, &["phone", "mobile", "telephone", "tel", "telefon", "handy", "fax", "cellphone"]),
    (Personal::Address, &["address", "street", "addr", "adresse", "strasse", "straße"]),
    (Personal::Name, &["firstname", "lastname", "surname", "fullname", "forename", "vorname", "nachname", "username"]),
    (Personal::Official, &["ssn", "passport", "nino", "steuernummer", "aadhaar"]),
    (Personal::Iban, &["iban"]),
    (Personal::Card, &["pan", "creditcard", "cardnumber", "ccnum"]),
];
/// Traits by which nobody may be put at a disadvantage: those of the EU's Charter (article 21) and of the US Equal
/// Credit Opportunity Act.
const PROTECTED: [(&str, &[&str]); 11] = [
    ("gender", &["gender", "sex", "geschlecht"]),
    ("age", &["age", "birth", "born", "yob", "dob", "birthdate", "birthday", "birthyear", "senior", "alter"]),
    ("marital status", &["marital", "married", "marriage", "familienstand"]),
    ("ethnicity", &["ethnicity", "ethnic", "race", "racial"]),
    ("religion", &["religion", "religious", "faith", "denomination", "konfession"]),
    ("nationality", &["nationality", "citizenship", "birthplace", "immigrant", "migrant"]),
    ("disability", &["disability", "disabled", "handicap"]),
    ("health", &["health", "diagnosis", "disease", "pregnant", "pregnancy", "smoker"]),
    ("sexual orientation", &["orientation", "lgbt"]),
    ("political opinion", &["political", "politics"]),
    ("union membership", &["unionmember", "unionized"]),
];
const MONEY: [&str; 32] = [
    "income", "amount", "amt", "mnt", "spend", "spending", "spent", "price", "charge", "charges", "revenue", "sales",
    "total", "balance", "value", "cost", "salary", "payment", "paid", "monetary", "profit", "margin", "discount",
    "tax", "fee", "fees", "credit", "debit", "usd", "eur", "dollars", "bonus",
];
const DEMOGRAPHY: [&str; 14] = [
    "age",
    "birth",
    "born",
    "kid",
    "kids",
    "kidhome",
    "teen",
    "teenhome",
    "child",
    "children",
    "household",
    "family",
    "dependents",
    "yob",
];
const BEHAVIOUR: [&str; 26] = [
    "recency",
    "frequency",
    "num",
    "count",
    "visits",
    "visit",
    "purchases",
    "purchase",
    "tenure",
    "score",
    "days",
    "months",
    "quantity",
    "orders",
    "sessions",
    "clicks",
    "logins",
    "calls",
    "minutes",
    "miles",
    "trans",
    "rating",
    "usage",
    "points",
    "flight",
    "items",
];

impl Words {
    /// Splits a name at everything that is no letter or digit, before digits and where lower case turns upper.
    pub fn of(name: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut last = ' ';
        for letter in name.chars() {
            let turns = letter.is_uppercase() && last.is_lowercase()
                || letter.is_ascii_digit() != last.is_ascii_digit()
                || !last.is_alphanumeric();
            if letter.is_alphanumeric() {
                if turns || words.is_empty() {
                    words.push(String::new());
                }
                words.iter_mut().last().into_iter().for_each(|word| word.extend(letter.to_lowercase()));
            }
            last = letter;
        }
        Self(words)
    }

    fn any(&self, list: &[&str]) -> bool {
        self.0.iter().any(|word| list.contains(&word.as_str()))
    }

    fn is(&self, words: &[&str]) -> bool {
        self.0.iter().map(String::as_str).eq(words.iter().copied())
    }

    fn has(&self, words: &[&str]) -> bool {
        self.0.windows(words.len()).any(|run| run.iter().map(String::as_str).eq(words.iter().copied()))
    }

    /// The name of something rather than an amount: `InvoiceNo` names, `NumDeals` counts, `NO2` is neither.
    pub fn names_an_id(&self) -> bool {
        let last = self.0.last().map_or("", String::as_str);
        self.any(&ID) || matches!(last, "no" | "nr" | "number" | "num")
    }

    /// An identifier or a code: its values are names, whatever they look like.
    pub fn names_a_code(&self) -> bool {
        self.names_an_id() || self.any(&["zip", "postal", "postcode", "plz"])
    }

    /// The customer's identifier.
    pub fn names_the_customer(&self) -> bool {
        self.any(&CUSTOMER) && (self.0.len() == 1 || self.names_an_id()) || self.is_bare_id()
    }

    /// `ID` and nothing else.
    pub fn is_bare_id(&self) -> bool {
        self.is(&["id"])
    }

    /// The order's identifier.
    pub fn names_the_order(&self) -> bool {
        self.any(&ORDER) && (self.0.len() == 1 || self.names_an_id()) && !self.any(&CUSTOMER)
    }

    /// A quantity of goods.
    pub fn names_a_quantity(&self) -> bool {
        self.any(&["quantity", "qty", "units", "menge"])
    }

    /// A price.
    pub fn names_a_price(&self) -> bool {
        self.any(&["price", "preis"])
    }

    /// An amount of money for goods.
    pub fn names_an_amount(&self) -> bool {
        self.any(&[
            "amount", "amt", "sales", "total", "revenue", "value", "paid", "spend", "spent", "umsatz", "dollars",
        ])
    }

    /// The date of an order rather than another date.
    pub fn names_the_order_date(&self) -> bool {
        self.any(&ORDER) || self.any(&["purchase"])
    }

    /// Something like `Year_Birth`.
    pub fn names_a_year(&self) -> bool {
        self.any(&["year", "yr", "birth", "born", "since", "yob", "jahr"])
    }

    /// Something of a birth.
    pub fn names_a_birth(&self) -> bool {
        self.any(&["birth", "born", "yob", "dob", "birthdate", "birthday"])
    }

    /// Something that began: `joined`, `Dt_Customer`, `created_at`.
    pub fn names_a_beginning(&self) -> bool {
        let words = ["joined", "since", "created", "registered", "registration", "signup", "enrolled", "enrolment"];
        self.any(&words) || self.has(&["sign", "up"]) || self.names_a_date() && self.any(&CUSTOMER)
    }

    /// An age in years.
    pub fn names_an_age(&self) -> bool {
        self.any(&["age", "alter"])
    }

    /// Something like `Dt_Customer`.
    pub fn names_a_date(&self) -> bool {
        self.any(&["date", "dt", "day", "datum", "dob", "timestamp"])
    }

    /// A number that stands for a category.
    pub fn names_a_category(&self) -> bool {
        self.any(&CODES) || self.0.first().is_some_and(|word| word == "cc")
    }

    /// A result of something done to or by the customer.
    pub fn names_an_outcome(&self) -> bool {
        self.any(&OUTCOMES) || self.is(&["y"])
    }

    /// What the values name or locate of a person.
    pub fn personal(&self) -> Option<Personal> {
        let nouns = ["first", "last", "full", "customer", "client", "user", "contact", "middle", "card", "holder"];
        let name = || self.is(&["name"]) || nouns.iter().any(|noun| self.has(&[noun, "name"]));
        let found = PERSONAL.iter().find(|(_, words)| self.any(words)).map(|(kind, _)| *kind);
        found.or_else(|| name().then_some(Personal::Name))
    }

    /// The protected trait that the values tell, e.g. `gender`.
    pub fn protected(&self) -> Option<&'static str> {
        PROTECTED.iter().find(|(_, words)| self.any(words)).map(|(what, _)| *what)
    }

    /// Permission to contact the customer.
    pub fn names_consent(&self) -> bool {
        let asked = ["consent", "gdpr", "optin", "einwilligung", "permission"];
        self.any(&asked) || self.names_an_objection() || self.has(&["opt", "in"])
    }

    /// A column of objections, in which yes means that the customer must not be contacted.
    pub fn names_an_objection(&self) -> bool {
        self.any(&["optout", "unsubscribed", "objection", "donotcontact", "donotcall"]) || self.has(&["opt", "out"])
    }

    /// What an amount is about: money, demography, behaviour, or just a number.
    pub fn subject(&self) -> &'static str {
        if self.any(&["score", "rating", "trans"]) {
            "behaviour"
        } else if self.any(&MONEY) {
            "money"
        } else if self.any(&DEMOGRAPHY) {
            "demography"
        } else if self.any(&BEHAVIOUR) {
            "behaviour"
        } else {
            "a number"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_into_words() {
        assert!(Words::of("AcceptedCmp3").is(&["accepted", "cmp", "3"]));
        assert!(Words::of("Annual Income (k$)").is(&["annual", "income", "k"]));
        assert!(Words::of("ID#").is_bare_id());
        assert!(Words::of("customerID").names_the_customer());
        assert!(!Words::of("Customer type").names_the_customer());
        assert!(Words::of("InvoiceNo").names_the_order());
        assert!(!Words::of("NumWebPurchases").names_an_id());
        assert!(!Words::of("NO2(GT)").names_an_id());
    }
}
