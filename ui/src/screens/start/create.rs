//! Creating the home: its name, the person, the password. Closing midway loses nothing but the password. The step is in the
//! address, so that Back goes one step back.

use super::account_form::{self as form, Draft};
use super::{StartLayout, known};
use crate::backend::upload::Upload;
use crate::kit::dom;
use crate::prelude::*;
use crate::state::session;
use hearth_api::app::CreateHome;
use hearth_api::profile::SetPicture;
use serde::{Deserialize, Serialize};
use web_sys::File;

const KEY: &str = "hearth.create";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Kept {
    home: String,
    name: String,
    username: String,
    birth: String,
}

fn kept() -> Kept {
    serde_json::from_str(&dom::stored(KEY).unwrap_or_default()).unwrap_or_default()
}

/// What the address calls a step; the first needs no name.
const STEPS: [&str; 3] = ["", "you", "password"];

/// The step of an address: none that asks for more than was entered before it, the home's name and the person.
fn step_of(name: Option<&str>, home: bool, person: bool) -> usize {
    let asked = STEPS.iter().position(|step| Some(*step) == name).unwrap_or(0);
    let reached = match (home, person) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => 2,
    };
    asked.min(reached)
}

/// Whether what was entered about the person could be right.
fn is_somebody(draft: &Draft) -> bool {
    form::name_error(&draft.name).is_none()
        && form::username_error(&draft.username).is_none()
        && form::birth_error(&draft.birth).is_none()
}

/// The way to a step.
fn way(go: &Go, step: usize) -> Go {
    let name = STEPS.get(step).copied().unwrap_or_default();
    go.with_query(&match name {
        "" => AttrValue::default(),
        name => AttrValue::from(format!("step={name}")),
    })
}

/// Creating the home.
#[component]
pub fn CreatePage() -> Html {
    let asked = use_query_value("step");
    let tried = use_state_eq(|| false);
    let home = use_state_eq(|| kept().home);
    let draft = use_state_eq(|| {
        let kept = kept();
        Draft {
            own_username: !kept.username.is_empty(),
            name: kept.name,
            username: kept.username,
            birth: kept.birth,
            password: String::new(),
        }
    });
    let picture = use_state(|| None::<(File, AttrValue)>);
    let create = use_mutation::<CreateHome>();
    let form_ref = use_node_ref();
    let go = use_go();
    let named = form::name_error(&home).is_none();
    let step = step_of(asked.as_deref(), named, is_somebody(&draft));
    {
        // What an earlier step refused is not held against the next.
        let tried = tried.setter();
        use_effect_with(step, move |_| tried.set(false));
    }

    use_effect_with(((*home).clone(), (*draft).clone()), |(home, draft)| {
        let kept = Kept {
            home: home.clone(),
            name: draft.name.clone(),
            username: draft.username.clone(),
            birth: draft.birth.clone(),
        };
        if let Ok(text) = serde_json::to_string(&kept) {
            dom::store(KEY, Some(&text));
        }
    });

    let fine = match step {
        0 => named,
        1 => is_somebody(&draft),
        _ => form::password_error(&draft.password).is_none(),
    };
    let onsubmit = {
        let (tried, draft, home, picture) = (tried.setter(), draft.clone(), home.clone(), picture.clone());
        let (create, form_ref, go) = (create.clone(), form_ref.clone(), go.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !fine {
                tried.set(true);
                focus::first_invalid(&form_ref);
                return;
            }
            if step < 2 {
                return way(&go, step + 1).to(&Route::CreateHome);
            }
            let Some(owner) = draft.account() else {
                return way(&go, 1).back_or(&Route::CreateHome);
            };
            let username = owner.username.clone();
            let request = CreateHome {
                home_name: home.trim().to_owned(),
                owner,
            };
            let (picture, go) = ((*picture).clone(), go.clone());
            create.run(request, move |answer| match answer {
                Ok(me) => {
                    known::remember(&username, &me.person.name);
                    dom::store(KEY, None);
                    // Before the session says so: the page of a finished set-up comes next, not the feed.
                    go.replace(&Route::WelcomeDone);
                    wasm_bindgen_futures::spawn_local(async move {
                        session::signed_in().await;
                        if let Some((file, _)) = picture {
                            set_picture(&file).await;
                        }
                    });
                }
                Err(error) => match error.field.as_deref() {
                    Some("home_name") => way(&go, 0).replace(&Route::CreateHome),
                    Some("name" | "username" | "birth_date") => way(&go, 1).back_or(&Route::CreateHome),
                    _ => {}
                },
            });
        })
    };
    let on_back = {
        Callback::from(move |()| match step {
            0 => go.replace(&Route::Welcome),
            n => way(&go, n - 1).back_or(&Route::CreateHome),
        })
    };
    let (title, text) = match step {
        0 => (t!("create-home-title"), t!("create-home-text")),
        1 => (t!("create-you-title"), t!("create-you-text")),
        _ => (t!("create-password-title"), t!("create-password-text")),
    };
    let above = html! {
        <Stepper steps={vec![t!("create-step-home"), t!("create-step-you"), t!("create-step-password")]} current={step} />
    };
    let fields = match step {
        0 => {
            let on_input = {
                let home = home.setter();
                Callback::from(move |value| home.set(value))
            };
            html! {
                <TextField
                    key="home"
                    label={t!("create-home-name")}
                    hint={Some(t!("create-home-name-hint"))}
                    placeholder={Some(t!("create-home-name-example"))}
                    value={(*home).clone()}
                    {on_input}
                    error={form::name_error(&home).filter(|_| *tried).or_else(|| create.error_on("home_name"))}
                    max={Some(80)}
                    required={true}
                    autofocus={true}
                    test_id="home-name"
                />
            }
        }
        1 => html! {
            <>
                <PicturePick key="picture" name={draft.name.clone()} picture={(*picture).clone()} on_change={{
                    let picture = picture.setter();
                    Callback::from(move |value| picture.set(value))
                }} />
                { form::person_fields(&draft, *tried, true, |field| create.error_on(field)) }
            </>
        },
        _ => form::password_field(&draft, *tried, true, create.error_on("password")),
    };
    let beside = create.error_beside(&["home_name", "name", "username", "birth_date", "password"]);
    html! {
        <StartLayout {title} text={Some(text)} {above} on_back={Some(on_back)}>
            <form class="l-stack u-gap-20" ref={form_ref} {onsubmit} novalidate=true>
                { fields }
                if let Some(error) = beside { <Banner tone={Tone::Danger} alert={true}>{ error }</Banner> }
                <Button kind={ButtonKind::Submit} variant={Variant::Filled} size={Size::L} full={true} pending={create.pending()} test_id="next">
                    { if step < 2 { t!("action-continue") } else { t!("create-do") } }
                </Button>
            </form>
        </StartLayout>
    }
}

/// Uploads and sets the picture; a refusal is said and the home stands.
async fn set_picture(file: &File) {
    let sent = Upload::new()
        .send(backend::current(), file, Callback::noop())
        .await;
    let set = match sent {
        Ok(item) => call(SetPicture {
            image: Some(item.hash),
            crop: None,
        })
        .await
        .map(|_| ()),
        Err(error) => Err(error),
    };
    match set {
        Ok(()) => {
            session::refresh().await;
        }
        Err(error) => toasts::failed(&error),
    }
}

#[derive(Properties, PartialEq)]
struct PicturePickProps {
    name: AttrValue,
    picture: Option<(File, AttrValue)>,
    on_change: Callback<Option<(File, AttrValue)>>,
}

/// The choice of a picture, shown before it is sent.
#[component]
fn PicturePick(props: &PicturePickProps) -> Html {
    let on_files = {
        let on_change = props.on_change.clone();
        Callback::from(move |files: Vec<File>| {
            if let Some(file) = files.into_iter().next()
                && let Ok(url) = web_sys::Url::create_object_url_with_blob(&file)
            {
                on_change.emit(Some((file, url.into())));
            }
        })
    };
    let chosen = props.picture.is_some();
    let remove = props.on_change.reform(|_: MouseEvent| None);
    html! {
        <div class="l-row u-gap-16">
            <Avatar name={props.name.clone()} src={props.picture.as_ref().map(|(_, url)| url.clone())} size={AvatarSize::Xl} />
            <div class="l-cluster">
                <FilePick
                    label={if chosen { t!("start-picture-other") } else { t!("start-picture") }}
                    accept="image/jpeg,image/png,image/gif,image/webp"
                    icon={IconName::Camera}
                    {on_files}
                    test_id="picture"
                />
                if chosen { <Button variant={Variant::Quiet} on_click={remove}>{ t!("start-picture-remove") }</Button> }
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_reached_by_what_was_entered_before_it() {
        assert_eq!(step_of(Some("password"), false, false), 0, "no name of the home");
        assert_eq!(step_of(Some("password"), true, false), 1, "nobody yet");
        assert_eq!(step_of(Some("password"), true, true), 2);
        assert_eq!(step_of(Some("you"), true, true), 1);
        assert_eq!(step_of(None, true, true), 0);
        assert_eq!(step_of(Some("else"), true, true), 0);
    }
}
