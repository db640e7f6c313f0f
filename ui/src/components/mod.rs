//! The parts that screens are made of: plain properties, no fetching, no outer margins.
//!
//! Classes are `h-<part>`, states live in `data-*` and `aria-*`. Each has its styles beside it.

macro_rules! choices {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name { $($(#[$doc])* $variant,)* }
        impl $name {
            /// The value in `data-*` attributes.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}
pub(crate) use choices;

choices! {
    /// What something means, said by colour and always also by words or shape.
    Tone {
        /// Nothing in particular.
        #[default]
        Neutral => "neutral",
        /// People and the primary thing.
        Accent => "accent",
        /// By an assistant.
        Ai => "ai",
        /// Fine.
        Ok => "ok",
        /// Waiting.
        Warn => "warn",
        /// Needs the person.
        Danger => "danger",
    }
}

choices! {
    /// How large a control is.
    Size {
        /// 32 px.
        S => "s",
        /// 40 px.
        #[default]
        M => "m",
        /// 48 px.
        L => "l",
    }
}

pub mod audience;
pub mod avatar;
pub mod badge;
pub mod banner;
pub mod button;
pub mod card;
pub mod choice;
pub mod delivery;
pub mod dialog;
pub mod empty;
pub mod error_panel;
pub mod field;
pub mod icon;
pub mod kbd;
pub mod link;
pub mod list_row;
pub mod live_region;
pub mod locality;
pub mod markdown;
pub mod menu;
pub mod palette;
pub mod pills;
pub mod popover;
pub mod progress;
pub mod qr;
pub mod scene;
pub mod select;
pub mod shortcut_help;
pub mod skeleton;
pub mod slider;
pub mod stepper;
pub mod switch;
pub mod tabs;
pub mod time;
pub mod toast;
pub mod virtual_list;
pub mod words;

pub use audience::{AudienceChip, AudienceSelect, audience_hint, audience_icon, audience_name};
pub use avatar::{Avatar, AvatarKind, AvatarSize, AvatarStack, PersonAvatar, PersonName};
pub use badge::{Badge, Chip, CountBadge};
pub use banner::Banner;
pub use button::{Button, ButtonKind, ButtonLink, IconButton, IconLink, Variant};
pub use card::{Card, CardPad, FieldGroup, Section};
pub use choice::{Checkbox, RadioCard, RadioCards};
pub use delivery::{DeliveryTicks, Ticks};
pub use dialog::{ConfirmTyped, Dialog, DialogSize, Sheet};
pub use empty::EmptyState;
pub use error_panel::ErrorPanel;
pub use field::{CodeField, FilePick, PasswordField, PasswordMeter, TextArea, TextField};
pub use icon::{Icon, IconName, IconSize};
pub use kbd::Kbd;
pub use link::Link;
pub use list_row::ListRow;
pub use live_region::LiveRegion;
pub use locality::{LocalityBadge, Where};
pub use markdown::{CodeBlock, Markdown};
pub use menu::{Menu, MenuItem};
pub use palette::CommandPalette;
pub use pills::{JumpPill, NewItemsPill};
pub use popover::{Popover, Tooltip};
pub use progress::{ProgressBar, Spinner};
pub use qr::QrCode;
pub use scene::Scene;
pub use select::{Select, SelectOption};
pub use shortcut_help::ShortcutHelp;
pub use skeleton::{Skeleton, SkeletonBox, SkeletonCard, SkeletonRow};
pub use slider::Slider;
pub use stepper::Stepper;
pub use switch::Switch;
pub use tabs::{Tab, Tabs, Toolbar};
pub use time::{Countdown, RelativeTime};
pub use toast::ToastHost;
pub use virtual_list::{ListRole, VirtualList};
pub use words::SafetyWords;
