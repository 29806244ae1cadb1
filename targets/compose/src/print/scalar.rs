//! Texts as compose reads them: `$` is doubled, variables are filled in, everything is double-quoted.

use crate::model::{Piece, Text, Variable};
use exoc_emit::yaml::{Scalar, Yaml, quoted};
use exoc_ir::Bytes;

/// Raw characters that compose must not interpolate.
pub(super) fn escape(raw: &str) -> String {
    raw.replace('$', "$$")
}

/// A text without variables.
pub(crate) fn raw(raw: &str) -> Yaml {
    quoted(escape(raw))
}

/// A text.
pub(super) fn text(text: &Text) -> Yaml {
    quoted(interpolated(text))
}

/// A list on one line.
pub(super) fn texts(texts: &[Text]) -> Yaml {
    let items = texts.iter().map(|text| Scalar::Quoted(interpolated(text)));
    Yaml::FlowList(items.collect())
}

/// Raw texts as a list on one line.
pub(super) fn raws<'t>(raws: impl IntoIterator<Item = &'t str>) -> Yaml {
    let items = raws.into_iter().map(|item| Scalar::Quoted(escape(item)));
    Yaml::FlowList(items.collect())
}

/// Bytes in the units of the engine and of `tmpfs`: `64m`, `1g`, `1000`.
pub(super) fn bytes(bytes: Bytes) -> String {
    let Bytes(count) = bytes;
    let units = [(30, "g"), (20, "m"), (10, "k")];
    let unit = units
        .into_iter()
        .find(|(shift, _)| count > 0 && count.trailing_zeros() >= *shift);
    match unit {
        Some((shift, name)) => format!("{}{name}", count >> shift),
        None => count.to_string(),
    }
}

fn interpolated(Text(pieces): &Text) -> String {
    pieces.iter().map(piece).collect()
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Literal(raw) => escape(raw),
        Piece::Variable(Variable { name, complaint }) => {
            // The complaint ends at the first brace and would itself be interpolated.
            let complaint = complaint.replace(['$', '{', '}'], "");
            format!("${{{name}:?{complaint}}}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, interpolated};
    use crate::model::{Piece, Text, Variable};
    use exoc_ir::Bytes;

    #[test]
    fn doubles_dollars_around_a_variable_and_not_in_it() {
        let text = Text(vec![
            Piece::Literal("a$".into()),
            Piece::Variable(Variable {
                name: "KEY".into(),
                complaint: "set ${KEY}".into(),
            }),
            Piece::Literal("{$".into()),
        ]);
        assert_eq!(interpolated(&text), "a$$${KEY:?set KEY}{$$");
    }

    #[test]
    fn prints_the_largest_unit_that_loses_nothing() {
        assert_eq!(bytes(Bytes::mebi(64)), "64m");
        assert_eq!(bytes(Bytes::gibi(2048)), "2048g");
        assert_eq!(bytes(Bytes(1000)), "1000");
        assert_eq!(bytes(Bytes(0)), "0");
    }
}
