//! The parts, group by group. Words here are samples and stay untranslated.

use super::composed::Composed;
use crate::prelude::*;
use hearth_api::feed::{Audience, DeliverySummary};

const SAMPLE: &str = "# A plan\n\nFirst **bold** and *soft*, then `code`, a [link](https://example.org/page) and https://example.net.\n\n\
> Said by somebody\n\n1. One\n2. Two\n   - inside\n\n- [x] done\n- [ ] open\n\n| Town | People |\n|---|--:|\n| Bergen | 291 000 |\n| Ulm | 129 000 |\n\n\
```rust\n// Greets.\nfn main() {\n    println!(\"Hello, {}\", 42);\n}\n```\n";

/// The gallery: light and dark side by side, `?rtl` turns the direction.
#[component]
pub(super) fn Gallery() -> Html {
    let rtl = use_place().contains("rtl");
    let dir = if rtl { "rtl" } else { "ltr" };
    html! {
        <Page title="Gallery" width={PageWidth::Full}>
            <div class="h-gallery" {dir}>
                <div class="h-gallery__theme" data-theme="light"><All theme="light" /></div>
                <div class="h-gallery__theme" data-theme="dark"><All theme="dark" /></div>
            </div>
        </Page>
    }
}

pub(super) fn group(title: &'static str, content: Html) -> Html {
    html! { <section class="l-stack u-gap-12"><h2>{ title }</h2>{ content }</section> }
}

#[derive(Properties, PartialEq)]
struct AllProps {
    theme: &'static str,
}

#[component]
fn All(props: &AllProps) -> Html {
    let text = use_state_eq(|| "Anna".to_owned());
    let on = use_state_eq(|| true);
    let choice = use_state_eq(|| AttrValue::from("b"));
    let number = use_state_eq(|| 100);
    let open = use_state_eq(|| 0_u8);
    let set_text = {
        let text = text.setter();
        Callback::from(move |value| text.set(value))
    };
    let set_on = {
        let on = on.setter();
        Callback::from(move |value| on.set(value))
    };
    let set_choice = {
        let choice = choice.setter();
        Callback::from(move |value| choice.set(value))
    };
    let show = |what: u8| {
        let open = open.setter();
        Callback::from(move |_: MouseEvent| open.set(what))
    };
    let close = {
        let open = open.setter();
        Callback::from(move |()| open.set(0))
    };
    let tones = [
        Tone::Neutral,
        Tone::Accent,
        Tone::Ai,
        Tone::Ok,
        Tone::Warn,
        Tone::Danger,
    ];
    let variants = [
        Variant::Filled,
        Variant::Soft,
        Variant::Quiet,
        Variant::Danger,
        Variant::Ai,
    ];
    let sizes = [Size::S, Size::M, Size::L];
    let cards = ["a", "b", "c"]
        .into_iter()
        .map(|v| RadioCard {
            value: v.into(),
            label: format!("Choice {v}").into(),
            hint: Some("What it means".into()),
            icon: Some(IconName::Users),
        })
        .collect::<Vec<_>>();
    html! {
        <div class="l-stack u-gap-40">
            { group("Button", html! {
                <>
                    { for sizes.into_iter().map(|size| html! {
                        <div class="l-cluster">
                            { for variants.into_iter().map(|variant| html! { <Button {variant} {size} start={IconName::Plus}>{ variant.as_str() }</Button> }) }
                            <IconButton icon={IconName::Heart} label="Like" {size} />
                            <Button {size} pending={true} variant={Variant::Filled}>{ "Pending" }</Button>
                        </div>
                    }) }
                </>
            }) }
            { group("Badge, Chip, marks", html! {
                <>
                    <div class="l-cluster">{ for tones.into_iter().map(|tone| html! { <Badge {tone} icon={IconName::Info}>{ tone.as_str() }</Badge> }) }</div>
                    <div class="l-cluster">
                        { for tones.into_iter().map(|tone| html! { <Chip {tone}>{ tone.as_str() }</Chip> }) }
                        <Chip pressed={Some(true)} on_click={Some(Callback::noop())}>{ "Pressed" }</Chip>
                        <Chip on_remove={Some(("Remove".into(), Callback::noop()))}>{ "Removable" }</Chip>
                    </div>
                    <div class="l-cluster">
                        <CountBadge count={3} /><CountBadge count={240} />
                        { for crate::components::audience::ALL.into_iter().map(|audience| html! { <AudienceChip {audience} /> }) }
                        <AudienceChip audience={Audience::Friends} compact={true} />
                        <AudienceSelect audience={Audience::Friends} on_change={Callback::noop()} />
                    </div>
                    <div class="l-cluster">
                        { for [(2, 0, 0), (2, 1, 0), (2, 2, 0), (2, 1, 1)].into_iter().map(|(homes, delivered, refused)| html! {
                            <DeliveryTicks summary={Some(DeliverySummary { homes, delivered, refused, taking_back: 0 })} on_click={Some(Callback::noop())} />
                        }) }
                        <LocalityBadge place={Where::Here} /><LocalityBadge place={Where::Network} /><LocalityBadge place={Where::Remote("api.example.com".into())} />
                        <Kbd keys="Mod+Shift+A" /><Kbd keys="g h" />
                        <RelativeTime at={when::now().plus_secs(-4000)} />
                        <Countdown until={when::now().plus_secs(900)} />
                    </div>
                </>
            }) }
            { group("Avatar", html! {
                <div class="l-cluster">
                    { for [AvatarSize::Xs, AvatarSize::S, AvatarSize::M, AvatarSize::L, AvatarSize::Xl].into_iter().map(|size| html! { <Avatar name="Eva Neumann" {size} /> }) }
                    <Avatar name="Choir" kind={AvatarKind::Group} /><Avatar name="Helper" kind={AvatarKind::Persona} /><Avatar name="Lake House" kind={AvatarKind::Home} />
                    { for ["Anna", "Opa Karl", "Mia Berg", "Tom", "Cy", "Ben Adler", "Zoe"].into_iter().map(|name| html! { <Avatar {name} /> }) }
                </div>
            }) }
            { group("Fields", html! {
                <div class="l-stack">
                    <TextField label="Name" value={(*text).clone()} on_input={set_text.clone()} hint="As friends know you" max={Some(5)} />
                    <TextField label="Search" quiet_label={true} kind="search" start={Some(IconName::Search)} value="" on_input={Callback::noop()} placeholder="Search" />
                    <TextField label="With an error" value="?" on_input={Callback::noop()} error="This cannot be right." />
                    <TextArea label="Words" value={(*text).clone()} on_input={set_text.clone()} />
                    <PasswordField label="Password" value={(*text).clone()} on_input={set_text} new={true} />
                    <CodeField label="Code" value="123" on_input={Callback::noop()} />
                    <Select label="Language" value="de" options={vec![SelectOption::new("en", "English"), SelectOption::new("de", "Deutsch")]} on_change={Callback::noop()} />
                    <Switch label="Switch" hint="What it does" on={*on} on_change={set_on.clone()} />
                    <Switch label="Locked" on={true} locked={true} on_change={Callback::noop()} />
                    <Checkbox label="Checkbox" hint="More about it" checked={*on} on_change={set_on} />
                    <RadioCards legend="Cards" value={(*choice).clone()} {cards} on_change={set_choice} />
                    <Slider label="Slider" value={*number} min={80} max={140} step={10} text={format!("{} %", *number)} on_change={{
                        let number = number.setter();
                        Callback::from(move |value| number.set(value))
                    }} />
                    <Combobox label="Combobox" value="Europe/Berlin" options={Rc::new(["Africa/Dar es Salaam", "America/New York", "Europe/Berlin", "Europe/Oslo"].map(|zone| SelectOption::new(zone, zone)).to_vec())} on_change={Callback::noop()} />
                    <DateField label="DateField" value="1980-05-01" hint="What it is for" on_input={Callback::noop()} />
                    <FilePick label="Add a picture" on_files={Callback::noop()} />
                </div>
            }) }
            { group("Structure", html! {
                <div class="l-stack">
                    { for tones.into_iter().map(|tone| html! { <Banner {tone} on_close={Some(Callback::noop())}>{ format!("A {} strip with a message.", tone.as_str()) }</Banner> }) }
                    <Card><p>{ "A card" }</p></Card>
                    <Card pad={CardPad::None}>
                        <ListRow title={html! { "Row" }} text={html! { "Second line" }} start={html! { <Avatar name="Eva" /> }} end={html! { <RelativeTime at={when::now()} /> }} on_click={Some(Callback::noop())} />
                        <ListRow title={html! { "Chosen" }} text={html! { "Second line" }} start={html! { <Avatar name="Tom" /> }} current={true} on_click={Some(Callback::noop())} />
                        <ListRow title={html! { "Unread" }} unread={true} end={html! { <CountBadge count={2} /> }} on_click={Some(Callback::noop())} />
                    </Card>
                    <Stepper steps={vec!["Home".into(), "You".into(), "Password".into()]} current={1} />
                    <Tabs label={format!("Tabs, {}", props.theme)} current={Route::Friends} tabs={vec![Tab::new("Friends", Route::Friends), Tab::new("Requests", Route::Requests).with_count(2)]} />
                    <div class="l-cluster">
                        <Menu label="Menu" items={vec![
                            MenuItem::action("Copy link", IconName::Link, Callback::noop()),
                            MenuItem::Check { label: "Comments".into(), checked: true, run: Callback::noop() },
                            MenuItem::Radio { label: "One of two".into(), chosen: true, run: Callback::noop() },
                            MenuItem::Radio { label: "The other".into(), chosen: false, run: Callback::noop() },
                            MenuItem::Line,
                            MenuItem::danger("Delete", IconName::Trash2, Callback::noop()),
                        ]} from_start={true} />
                        <Popover label="Popover" open={*open == 4} on_close={close.clone()} from_start={true} trigger={html! { <Button on_click={show(4)} expanded={Some(*open == 4)}>{ "Popover" }</Button> }}>{ "Inside" }</Popover>
                        <Button on_click={show(1)}>{ "Dialog" }</Button>
                        <Button on_click={show(2)}>{ "Sheet" }</Button>
                        <Button on_click={show(3)}>{ "Typed confirmation" }</Button>
                        <Button on_click={Callback::from(|_| { toasts::undo("Post deleted.", Callback::noop()); })}>{ "Toast" }</Button>
                        <Button on_click={Callback::from(|_| toasts::error("Lake House is asleep. Your message is saved and goes out by itself."))}>{ "Error toast" }</Button>
                    </div>
                </div>
            }) }
            { group("Status", html! {
                <div class="l-stack">
                    <Skeleton><SkeletonCard /></Skeleton>
                    <ProgressBar label="Uploading 3 pictures" value={Some(0.42)} /><ProgressBar label="Reading" />
                    <Spinner />
                    <EmptyState icon={IconName::Coffee} title="It's quiet here" text="Invite somebody, or write the first post.">
                        <Button variant={Variant::Filled}>{ "Write" }</Button><Button>{ "Invite" }</Button>
                    </EmptyState>
                    <ErrorPanel error={hearth_api::ApiError::new(hearth_api::Code::Internal, "Something broke inside your home. Nothing was lost.")} on_retry={Some(Callback::noop())} />
                </div>
            }) }
            { group("Words and pictures", html! {
                <div class="l-stack">
                    <Markdown text={SAMPLE} flavour={Flavour::Chat} />
                    <SafetyWords words={["river", "lamp", "apple", "stone", "violin"].map(str::to_owned).to_vec()} label="Safety words" />
                    <div class="h-gallery__icons">{ for IconName::ALL.iter().map(|name| html! { <span data-tip={name.as_str()}><Icon name={*name} /></span> }) }</div>
                </div>
            }) }
            <Composed />
            { match *open {
                1 => html! { <Dialog title="A dialog" on_close={close} footer={html! { <Button variant={Variant::Filled}>{ "Save" }</Button> }}><p>{ "What it is about." }</p></Dialog> },
                2 => html! { <Sheet title="A sheet" on_close={close}><p>{ "What it is about." }</p></Sheet> },
                3 => html! { <ConfirmTyped title="Delete Lake House?" text="This cannot be undone." word="Lake House" verb="Delete" on_confirm={Callback::noop()} on_close={close} /> },
                _ => Html::default(),
            } }
        </div>
    }
}
