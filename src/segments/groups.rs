//! The headings that profiles stand under, recognised by the words of a column's name.

use super::Group;
use super::nouns::Noun;

/// Words that tell what the customer is, whatever else stands in the name.
const DEMOGRAPHY: [&str; 35] = [
    "age",
    "birth",
    "born",
    "gender",
    "sex",
    "genre",
    "income",
    "salary",
    "earnings",
    "education",
    "degree",
    "marital",
    "married",
    "partner",
    "dependents",
    "household",
    "family",
    "kid",
    "kids",
    "kidhome",
    "teen",
    "teenhome",
    "child",
    "children",
    "senior",
    "citizen",
    "occupation",
    "job",
    "profession",
    "city",
    "region",
    "country",
    "state",
    "postcode",
    "nationality",
];
/// Words that tell what the customer did beside buying, or what came of an offer.
const ENGAGEMENT: [&str; 45] = [
    "recency",
    "visit",
    "visits",
    "session",
    "sessions",
    "click",
    "clicks",
    "clicked",
    "login",
    "logins",
    "email",
    "open",
    "opens",
    "opened",
    "tenure",
    "response",
    "responded",
    "accepted",
    "campaign",
    "complain",
    "complaint",
    "complaints",
    "churn",
    "churned",
    "contract",
    "support",
    "rating",
    "satisfaction",
    "nps",
    "score",
    "member",
    "membership",
    "newsletter",
    "subscribed",
    "enroll",
    "enrolled",
    "days",
    "last",
    "first",
    "channel",
    "gap",
    "calls",
    "usage",
    "streaming",
    "award",
];
/// Words that tell what the customer bought and paid.
const PURCHASES: [&str; 47] = [
    "spending",
    "spend",
    "spent",
    "mnt",
    "amount",
    "purchase",
    "purchases",
    "order",
    "orders",
    "frequency",
    "monetary",
    "basket",
    "price",
    "quantity",
    "units",
    "revenue",
    "sales",
    "charges",
    "charge",
    "total",
    "value",
    "turnover",
    "deals",
    "product",
    "products",
    "wines",
    "fruits",
    "meat",
    "fish",
    "sweet",
    "gold",
    "fresh",
    "milk",
    "grocery",
    "frozen",
    "detergents",
    "delicassen",
    "service",
    "services",
    "internet",
    "phone",
    "lines",
    "plan",
    "payment",
    "bonus",
    "miles",
    "transactions",
];

/// The heading of a column. What it was paid or bought goes before how often somebody came, what somebody is before both.
pub(super) fn group(noun: &Noun) -> Group {
    let has = |list: &[&str]| noun.words.iter().any(|word| list.contains(&word.as_str()));
    match () {
        () if has(&DEMOGRAPHY) => Group::Demography,
        () if has(&PURCHASES) => Group::Purchases,
        () if has(&ENGAGEMENT) => Group::Engagement,
        () => Group::Other,
    }
}

impl Group {
    /// All headings, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::Demography, Self::Purchases, Self::Engagement, Self::Other];

    /// The heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Demography => "Demography",
            Self::Purchases => "Purchases",
            Self::Engagement => "Engagement",
            Self::Other => "Other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segments::nouns::nouns;

    #[test]
    fn columns_stand_under_their_heading() {
        let table = [
            ("Year_Birth", Group::Demography),
            ("Annual Income (k$)", Group::Demography),
            ("Marital_Status", Group::Demography),
            ("Genre", Group::Demography),
            ("Spending Score (1-100)", Group::Purchases),
            ("MntMeatProducts", Group::Purchases),
            ("NumWebPurchases", Group::Purchases),
            ("monetary", Group::Purchases),
            ("MonthlyCharges", Group::Purchases),
            ("NumWebVisitsMonth", Group::Engagement),
            ("recency", Group::Engagement),
            ("tenure", Group::Engagement),
            ("AcceptedCmp3", Group::Engagement),
            ("x7", Group::Other),
        ];
        for (column, expected) in table {
            assert_eq!(group(&nouns(&[column])[0]), expected, "{column}");
        }
    }
}
