//! Every word people read, in three languages, from the Fluent files in `locales/`.

use std::cell::RefCell;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// *Bokmål.*
    #[default]
    Bokmaal,
    /// *Nynorsk.*
    Nynorsk,
    /// English.
    English,
}

macro_rules! files {
    ($language:expr, $($file:literal),*) => {
        match $language {
            Language::Bokmaal => vec![$(include_str!(concat!("../locales/nb/", $file, ".ftl"))),*],
            Language::Nynorsk => vec![$(include_str!(concat!("../locales/nn/", $file, ".ftl"))),*],
            Language::English => vec![$(include_str!(concat!("../locales/en/", $file, ".ftl"))),*],
        }
    };
}

/// The files of a program, in a language. Functions and not a table, so that a program carries only its own.
pub type Files = fn(Language) -> Vec<&'static str>;

/// What the councillor's page says.
#[must_use]
pub fn seat_files(language: Language) -> Vec<&'static str> {
    files!(language, "common", "rejections", "seat")
}

/// What all other pages say.
#[must_use]
pub fn room_files(language: Language) -> Vec<&'static str> {
    files!(language, "common", "rejections", "seat", "facilitator", "wall", "replay", "start")
}

impl Language {
    /// All, in the order the menu shows them.
    pub const ALL: [Self; 3] = [Self::Bokmaal, Self::Nynorsk, Self::English];

    /// Its code, in addresses, on the page and on the tablet.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Bokmaal => "nb",
            Self::Nynorsk => "nn",
            Self::English => "en",
        }
    }

    /// Its own name for itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bokmaal => "Bokmål",
            Self::Nynorsk => "Nynorsk",
            Self::English => "English",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    fn id(self) -> LanguageIdentifier {
        // Two letters are always a language; were they not, the texts would still be there.
        self.code().parse().unwrap_or_default()
    }

    fn bundle(self, files: Files) -> FluentBundle<FluentResource> {
        let mut bundle = FluentBundle::new(vec![self.id()]);
        // The marks around arguments are for mixed directions, which no language here has, and they break comparisons.
        bundle.set_use_isolating(false);
        for file in files(self) {
            // A test reads every file; what can be read of a broken one is better than a page without words.
            let resource = FluentResource::try_new(file.to_owned()).unwrap_or_else(|(resource, _)| resource);
            let _ = bundle.add_resource(resource);
        }
        bundle
    }
}

thread_local! {
    static BUNDLE: RefCell<Option<FluentBundle<FluentResource>>> = const { RefCell::new(None) };
}

/// Speaks `language` from now on, in the words of `files`. Called once, before the first view.
pub fn speak(language: Language, files: Files) {
    BUNDLE.set(Some(language.bundle(files)));
}

/// An argument of a text.
pub enum Arg {
    /// A name, a title, a word.
    Text(String),
    /// A number, which also chooses between one and many.
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

macro_rules! number_arg {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Arg {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        })*
    };
}

number_arg!(u8, u16, u32, u64, usize, i32, i64);

/// The text of this name; the name itself if there is none, which a test prevents. Use [`crate::t!`].
#[must_use]
pub fn text(id: &str, args: &[(&'static str, Arg)]) -> String {
    BUNDLE.with_borrow(|bundle| {
        let Some(bundle) = bundle else { return id.to_owned() };
        let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else { return id.to_owned() };
        let mut given = FluentArgs::new();
        for (name, arg) in args {
            match arg {
                Arg::Text(text) => given.set(*name, text.as_str()),
                Arg::Number(number) => given.set(*name, FluentValue::from(*number)),
            }
        }
        bundle.format_pattern(pattern, Some(&given), &mut Vec::new()).into_owned()
    })
}

/// A text by its name, with arguments: `t!("ballot-left", count = 2)`.
#[macro_export]
macro_rules! t {
    ($id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::text($id, &[$((stringify!($name), $crate::i18n::Arg::from($value))),*])
    };
}

#[cfg(test)]
mod tests;
