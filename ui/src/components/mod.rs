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

pub mod alt_text_editor;
pub mod answer_block;
pub mod answer_details;
pub mod audience;
pub mod audience_picker;
pub mod avatar;
pub mod badge;
pub mod banner;
pub mod button;
pub mod card;
pub mod chat_composer;
pub mod chat_thread;
pub mod choice;
pub mod combobox;
pub mod comment_tree;
pub mod composer;
pub mod cropper;
pub mod date_field;
pub mod delivery;
pub mod delivery_sheet;
pub mod dialog;
pub mod draft_list;
pub mod empty;
pub mod error_panel;
pub mod field;
pub mod field_visibility;
pub mod find_bar;
pub mod findable;
pub mod health_verdict;
pub mod home_card;
pub mod icon;
pub mod invite_card;
pub mod job_row;
pub mod kbd;
pub mod link;
pub mod list_row;
pub mod live_region;
pub mod locality;
pub mod markdown;
pub mod media_tray;
pub mod media_viewer;
pub mod mention_list;
pub mod menu;
pub mod message_bubble;
pub mod model_form;
pub mod model_picker;
pub mod model_row;
pub mod notification_row;
pub mod palette;
pub mod parameters_form;
pub mod photo_mosaic;
pub mod pills;
pub mod popover;
pub mod post_card;
pub mod profile_header;
pub mod progress;
pub mod provider_form;
pub mod qr;
pub mod reaction_bar;
pub mod relation_button;
pub mod request_row;
pub mod scene;
pub mod select;
pub mod shortcut_help;
pub mod skeleton;
pub mod slider;
pub mod split_button;
pub mod stepper;
pub mod switch;
pub mod tabs;
pub mod time;
pub mod toast;
pub mod virtual_list;
pub mod words;

pub use alt_text_editor::AltTextEditor;
pub use answer_block::{AnswerBlock, MessageAct, Shown, phase_text, place_of};
pub use answer_details::AnswerDetails;
pub use audience::{AudienceChip, AudienceSelect, audience_hint, audience_icon, audience_name};
pub use audience_picker::AudiencePicker;
pub use avatar::{Avatar, AvatarKind, AvatarSize, AvatarStack, PersonAvatar, PersonName};
pub use badge::{Badge, Chip, CountBadge};
pub use banner::Banner;
pub use button::{Button, ButtonKind, ButtonLink, IconButton, IconLink, Variant};
pub use card::{Card, CardPad, FieldGroup, Section};
pub use chat_composer::ChatComposer;
pub use chat_thread::ChatThread;
pub use choice::{Checkbox, RadioCard, RadioCards};
pub use combobox::Combobox;
pub use comment_tree::{CommentAction, CommentTree};
pub use composer::{ComposerText, Written};
pub use cropper::{Cropper, Square};
pub use date_field::DateField;
pub use delivery::{DeliveryTicks, Ticks};
pub use delivery_sheet::DeliverySheet;
pub use dialog::{ConfirmTyped, Dialog, DialogSize, Sheet};
pub use draft_list::DraftList;
pub use empty::EmptyState;
pub use error_panel::ErrorPanel;
pub use field::{CodeField, FilePick, PasswordField, PasswordMeter, TextArea, TextField};
pub use field_visibility::FieldVisibility;
pub use find_bar::FindBar;
pub use findable::FindableSwitch;
pub use health_verdict::HealthVerdict;
pub use home_card::HomeCard;
pub use icon::{Icon, IconName, IconSize};
pub use invite_card::InviteCard;
pub use job_row::JobRow;
pub use kbd::Kbd;
pub use link::Link;
pub use list_row::ListRow;
pub use live_region::LiveRegion;
pub use locality::{LocalityBadge, Where};
pub use markdown::{CodeBlock, Markdown};
pub use media_tray::{MediaTray, TrayEvent, TrayItem, TrayState};
pub use media_viewer::MediaViewer;
pub use mention_list::MentionList;
pub use menu::{Menu, MenuItem};
pub use message_bubble::MessageBubble;
pub use model_form::ModelForm;
pub use model_picker::ModelPicker;
pub use model_row::ModelRow;
pub use notification_row::NotificationRow;
pub use palette::CommandPalette;
pub use parameters_form::ParametersForm;
pub use photo_mosaic::PhotoMosaic;
pub use pills::{JumpPill, NewItemsPill};
pub use popover::{Popover, Tooltip};
pub use post_card::{PostAction, PostCard, PostCardMenu, PostShape};
pub use profile_header::ProfileHeader;
pub use progress::{ProgressBar, Spinner};
pub use provider_form::ProviderForm;
pub use qr::QrCode;
pub use reaction_bar::{EmojiPicker, ReactionBar};
pub use relation_button::{RelationAction, RelationButton};
pub use request_row::RequestRow;
pub use scene::Scene;
pub use select::{Select, SelectOption};
pub use shortcut_help::ShortcutHelp;
pub use skeleton::{Skeleton, SkeletonBox, SkeletonCard, SkeletonRow};
pub use slider::Slider;
pub use split_button::SplitButton;
pub use stepper::Stepper;
pub use switch::Switch;
pub use tabs::{Tab, Tabs, Toolbar};
pub use time::{Countdown, RelativeTime};
pub use toast::ToastHost;
pub use virtual_list::{ListRole, VirtualList};
pub use words::SafetyWords;
