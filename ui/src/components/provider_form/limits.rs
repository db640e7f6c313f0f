//! How long to wait for a provider: four numbers of seconds, folded away.

use super::Entered;
use crate::components::{FieldGroup, Icon, IconName, IconSize, TextField};
use crate::kit::entry::{self, NotANumber};
use crate::t;
use hearth_api::provider::TimeLimits;
use yew::prelude::*;

/// The fields that a refusal may name.
pub(super) const FIELDS: [&str; 4] = ["connect_limit", "first_token_limit", "idle_limit", "turn_limit"];

/// The limits as typed.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Limits {
    connect: String,
    first_token: String,
    idle: String,
    turn: String,
}

impl From<TimeLimits> for Limits {
    fn from(set: TimeLimits) -> Self {
        let text = |seconds: Option<u32>| seconds.map(|s| s.to_string()).unwrap_or_default();
        Self {
            connect: text(set.connect),
            first_token: text(set.first_token),
            idle: text(set.idle),
            turn: text(set.turn),
        }
    }
}

impl Limits {
    /// The numbers.
    ///
    /// # Errors
    /// Something else was typed.
    pub(super) fn read(&self) -> Result<TimeLimits, NotANumber> {
        Ok(TimeLimits {
            connect: entry::whole(&self.connect)?,
            first_token: entry::whole(&self.first_token)?,
            idle: entry::whole(&self.idle)?,
            turn: entry::whole(&self.turn)?,
        })
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct LimitFieldsProps {
    pub(super) limits: Limits,
    /// Whether saving was tried, so that what is no number is said.
    pub(super) tried: bool,
    pub(super) error: Option<(AttrValue, AttrValue)>,
    pub(super) on_change: Callback<Limits>,
}

/// The fields, open when something is set or wrong.
#[component]
pub(super) fn LimitFields(props: &LimitFieldsProps) -> Html {
    let begun_with = use_state_eq(|| props.limits.clone());
    let refused = |field: &str| {
        props
            .error
            .as_ref()
            .filter(|(on, _)| on == field)
            .map(|(_, words)| words.clone())
    };
    let wrong = (props.tried && props.limits.read().is_err()) || FIELDS.iter().any(|f| refused(f).is_some());
    let open = wrong || *begun_with != Limits::default();
    let field = |name: &'static str,
                 label: AttrValue,
                 usual: AttrValue,
                 value: &str,
                 set: fn(&mut Limits, String)| {
        let (limits, on_change) = (props.limits.clone(), props.on_change.clone());
        let on_input = Callback::from(move |text: String| {
            let mut next = limits.clone();
            set(&mut next, text);
            on_change.emit(next);
        });
        let error = (props.tried && entry::whole(value).is_err())
            .then(|| t!("entry-no-whole"))
            .or_else(|| refused(name));
        html! {
            <TextField {label} placeholder={usual} value={value.to_owned()} {on_input} {error} inputmode="numeric" literal={true} test_id={name} />
        }
    };
    let usual = |seconds: u32| t!("provider-limit-usual", "count" => seconds);
    let limits = &props.limits;
    html! {
        <details class="h-limits" {open} data-test="limits">
            <summary class="h-limits__head">
                <Icon name={IconName::Clock} size={IconSize::S} />
                { t!("provider-limits") }
                <Icon name={IconName::ChevronDown} size={IconSize::S} class="h-limits__arrow" />
            </summary>
            <div class="h-limits__body">
                <p class="u-sm u-text-2">{ t!("provider-limits-hint") }</p>
                <FieldGroup legend={t!("provider-limits")} quiet={true}>
                    { field(FIELDS[0], t!("provider-limit-connect"), usual(10), &limits.connect, |l, text| l.connect = text) }
                    { field(FIELDS[1], t!("provider-limit-first"), t!("provider-limit-first-usual"), &limits.first_token, |l, text| l.first_token = text) }
                    { field(FIELDS[2], t!("provider-limit-idle"), usual(60), &limits.idle, |l, text| l.idle = text) }
                    { field(FIELDS[3], t!("provider-limit-turn"), usual(600), &limits.turn, |l, text| l.turn = text) }
                </FieldGroup>
            </div>
        </details>
    }
}

/// Takes changed limits into what was entered.
pub(super) fn on_limits(entered: &UseStateHandle<Entered>) -> Callback<Limits> {
    let entered = entered.clone();
    Callback::from(move |limits: Limits| {
        entered.set(Entered {
            limits,
            ..(*entered).clone()
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_back_and_words_are_no_numbers() {
        let set = TimeLimits {
            idle: Some(90),
            ..TimeLimits::default()
        };
        assert_eq!(Limits::from(set).read(), Ok(set));
        let wrong = Limits {
            turn: "long".into(),
            ..Limits::default()
        };
        assert_eq!(wrong.read(), Err(NotANumber));
    }
}
