//! Addresses of links and pictures.

/// Whether the text shows the address already, so that a link would say it twice.
pub(super) fn is_shown(address: &str, text: &str) -> bool {
    let bare = |s: &str| {
        let joined: String = s.split_whitespace().collect();
        let after = joined.split_once("://").map_or(joined.as_str(), |(_, after)| after);
        after.trim_start_matches("mailto:").trim_end_matches('/').to_owned()
    };
    bare(address) == bare(text)
}

/// An address as Markdown takes it: between angle brackets if it holds a space or a parenthesis.
pub(in crate::markdown) fn destination(address: &str) -> String {
    let clean: String = address.chars().filter(|c| !c.is_control()).collect();
    let safe = clean.replace('\\', "%5C").replace('<', "%3C").replace('>', "%3E");
    if safe.is_empty() || safe.contains([' ', '(', ')']) { format!("<{safe}>") } else { safe }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_itself_is_shown_with_or_without_its_scheme() {
        for text in ["https://a.org/b", "a.org/b", "https:// a.org/ b", "http://a.org/b/"] {
            assert!(is_shown("https://a.org/b", text), "{text}");
        }
        assert!(is_shown("mailto:me@a.org", "me@a.org"));
        assert!(!is_shown("https://a.org/b", "a.org"));
    }

    #[test]
    fn an_address_cannot_end_the_link() {
        assert_eq!(destination("https://a.org/b_c*"), "https://a.org/b_c*");
        assert_eq!(destination("a b/(1).png"), "<a b/(1).png>");
        assert_eq!(destination("a>\n(b"), "<a%3E(b>");
    }
}
