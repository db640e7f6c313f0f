//! Amounts as a person types them: a number of a unit that stands beside the field.

/// The most of a unit that can be typed.
const MOST: f64 = 1e6;

/// An amount as the number that a person would type, with up to three decimals.
#[must_use]
pub fn shown_in(amount: u64, unit: u64) -> String {
    let thousandths = amount % unit / (unit / 1000).max(1);
    let text = format!("{}.{thousandths:03}", amount / unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What a person typed; a comma may stand for the point. None if it is no number from 0 to a million.
#[must_use]
pub fn typed_in(text: &str, unit: u64) -> Option<u64> {
    let value: f64 = text.trim().replace(',', ".").parse().ok()?;
    if !(0.0..=MOST).contains(&value) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "not negative, and far below the largest whole number of its kind"
    )]
    let amount = (value * unit as f64).round() as u64;
    Some(amount)
}

#[cfg(test)]
mod tests {
    use super::{shown_in, typed_in};

    const GB: u64 = 1_000_000_000;

    #[test]
    fn an_amount_is_typed_with_a_point_or_a_comma() {
        assert_eq!(typed_in("5", GB), Some(5 * GB));
        assert_eq!(typed_in(" 0,5 ", GB), Some(GB / 2));
        assert_eq!(typed_in("0", GB), Some(0));
        assert_eq!(typed_in("50", 1_000_000), Some(50_000_000));
        for wrong in ["", "five", "-1", "1000001", "NaN", "inf", "1.2.3", "5 GB"] {
            assert_eq!(typed_in(wrong, GB), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_set_is_shown_as_it_would_be_typed() {
        for (amount, shown) in [
            (5 * GB, "5"),
            (GB / 2, "0.5"),
            (0, "0"),
            (12_345_000_000, "12.345"),
        ] {
            assert_eq!(shown_in(amount, GB), shown);
            assert_eq!(typed_in(shown, GB), Some(amount));
        }
    }
}
