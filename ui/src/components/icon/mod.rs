//! Icons: Lucide, from the sprite inlined in `index.html`. A test keeps this list and the sprite equal.

use yew::prelude::*;

macro_rules! icons {
    ($($variant:ident => $name:literal,)*) => {
        /// An icon of the sprite.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the name is the description; see lucide.dev")]
        pub enum IconName { $($variant,)* }

        impl IconName {
            /// Every icon.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// Its name in the sprite.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

icons! {
    Activity => "activity",
    Archive => "archive",
    ArchiveRestore => "archive-restore",
    ArrowDown => "arrow-down",
    ArrowLeft => "arrow-left",
    ArrowRight => "arrow-right",
    ArrowUp => "arrow-up",
    Ban => "ban",
    Bell => "bell",
    BellOff => "bell-off",
    Bold => "bold",
    Bookmark => "bookmark",
    Bot => "bot",
    Brain => "brain",
    Cake => "cake",
    Calendar => "calendar",
    Camera => "camera",
    Check => "check",
    CheckCheck => "check-check",
    ChevronDown => "chevron-down",
    ChevronLeft => "chevron-left",
    ChevronRight => "chevron-right",
    ChevronUp => "chevron-up",
    ChevronsDown => "chevrons-down",
    CircleAlert => "circle-alert",
    CircleCheck => "circle-check",
    CircleHelp => "circle-help",
    CircleStop => "circle-stop",
    CircleX => "circle-x",
    Clock => "clock",
    Cloud => "cloud",
    CloudOff => "cloud-off",
    Code => "code",
    Coffee => "coffee",
    Command => "command",
    Copy => "copy",
    Cpu => "cpu",
    Database => "database",
    Dices => "dices",
    Download => "download",
    Earth => "earth",
    Ellipsis => "ellipsis",
    EllipsisVertical => "ellipsis-vertical",
    ExternalLink => "external-link",
    Eye => "eye",
    EyeOff => "eye-off",
    FileText => "file-text",
    FingerprintPattern => "fingerprint-pattern",
    Flag => "flag",
    Flame => "flame",
    Folder => "folder",
    Frown => "frown",
    Gauge => "gauge",
    GitBranch => "git-branch",
    Globe => "globe",
    HandHeart => "hand-heart",
    Handshake => "handshake",
    HardDrive => "hard-drive",
    Heart => "heart",
    HeartPulse => "heart-pulse",
    History => "history",
    House => "house",
    HousePlus => "house-plus",
    Image => "image",
    ImagePlus => "image-plus",
    Images => "images",
    Inbox => "inbox",
    Info => "info",
    Italic => "italic",
    KeyRound => "key-round",
    Keyboard => "keyboard",
    Languages => "languages",
    Laptop => "laptop",
    Laugh => "laugh",
    Link => "link",
    Link2 => "link-2",
    List => "list",
    ListOrdered => "list-ordered",
    LoaderCircle => "loader-circle",
    Lock => "lock",
    LockOpen => "lock-open",
    LogIn => "log-in",
    LogOut => "log-out",
    MapPin => "map-pin",
    Maximize2 => "maximize-2",
    Menu => "menu",
    MessageCircle => "message-circle",
    MessageCirclePlus => "message-circle-plus",
    MessageCircleQuestionMark => "message-circle-question-mark",
    MessageSquare => "message-square",
    Minimize2 => "minimize-2",
    Monitor => "monitor",
    Moon => "moon",
    Palette => "palette",
    PanelLeft => "panel-left",
    PanelRight => "panel-right",
    Paperclip => "paperclip",
    PartyPopper => "party-popper",
    Pause => "pause",
    Pencil => "pencil",
    Pin => "pin",
    PinOff => "pin-off",
    Play => "play",
    Plug => "plug",
    Plus => "plus",
    Printer => "printer",
    QrCode => "qr-code",
    Quote => "quote",
    RefreshCw => "refresh-cw",
    Reply => "reply",
    RotateCcw => "rotate-ccw",
    RotateCw => "rotate-cw",
    Save => "save",
    Search => "search",
    Send => "send",
    SendHorizontal => "send-horizontal",
    Server => "server",
    Settings => "settings",
    Share2 => "share-2",
    Shield => "shield",
    ShieldCheck => "shield-check",
    SlidersHorizontal => "sliders-horizontal",
    Smartphone => "smartphone",
    Smile => "smile",
    SmilePlus => "smile-plus",
    Sparkles => "sparkles",
    Square => "square",
    Star => "star",
    Sun => "sun",
    ThumbsUp => "thumbs-up",
    Ticket => "ticket",
    Trash2 => "trash-2",
    TriangleAlert => "triangle-alert",
    Type => "type",
    Undo2 => "undo-2",
    Upload => "upload",
    User => "user",
    UserCheck => "user-check",
    UserMinus => "user-minus",
    UserPlus => "user-plus",
    UserX => "user-x",
    Users => "users",
    WandSparkles => "wand-sparkles",
    Wifi => "wifi",
    WifiOff => "wifi-off",
    X => "x",
    ZoomIn => "zoom-in",
    ZoomOut => "zoom-out",
}

/// How large an icon is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IconSize {
    /// 16 px, beside small text.
    S,
    /// 20 px.
    #[default]
    M,
    /// 24 px.
    L,
    /// 40 px, in empty states.
    Xl,
}

/// Properties of [`Icon`].
#[derive(Properties, PartialEq)]
pub struct IconProps {
    /// Which.
    pub name: IconName,
    /// How large.
    #[prop_or_default]
    pub size: IconSize,
    /// What it says, when it stands alone; without it the icon is decoration.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// More classes.
    #[prop_or_default]
    pub class: Classes,
}

/// An icon.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let size = match props.size {
        IconSize::S => "s",
        IconSize::M => "m",
        IconSize::L => "l",
        IconSize::Xl => "xl",
    };
    let name = props.name.as_str();
    let mirrors = matches!(
        props.name,
        IconName::ArrowLeft
            | IconName::ArrowRight
            | IconName::ChevronLeft
            | IconName::ChevronRight
            | IconName::Reply
            | IconName::LogIn
            | IconName::LogOut
            | IconName::Send
            | IconName::SendHorizontal
            | IconName::Undo2
    );
    html! {
        <svg
            class={classes!("h-icon", props.class.clone())}
            data-size={size}
            data-mirror={mirrors.then_some("true")}
            role={props.label.as_ref().map(|_| "img")}
            aria-label={props.label.clone()}
            aria-hidden={props.label.is_none().then_some("true")}
            focusable="false"
        >
            <use href={format!("#i-{name}")} />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_sprite_has_exactly_these_icons() {
        let sprite = include_str!("../../../assets/icons.svg");
        let in_sprite: BTreeSet<&str> = sprite
            .split("id=\"i-")
            .skip(1)
            .filter_map(|piece| piece.split('"').next())
            .collect();
        let named: BTreeSet<&str> = IconName::ALL.iter().map(|i| i.as_str()).collect();
        assert_eq!(in_sprite, named);
    }
}
