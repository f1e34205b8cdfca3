//! Link tokens and join codes as text.

use std::fmt;

use rand::Rng;

/// Crockford's base 32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters in a token: 128 bits, five in each.
const TOKEN_LENGTH: usize = 26;
/// Nothing that looks like another across a room, and no vowels, so that no word can come up on the wall.
const CODE_ALPHABET: &[u8; 20] = b"CDFHJKMNPQRTVWX34679";
/// Characters in a join code: 64 million codes.
const CODE_LENGTH: usize = 6;
/// Longest text that is looked at as a token or a code; people add spaces and dashes.
const LONGEST_TYPED: usize = 64;

/// The secret part of a personal link.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token as it goes into an address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn random() -> Self {
        Self::write(rand::random())
    }

    fn write(bits: u128) -> Self {
        let letter = |place: usize| char::from(ALPHABET[(bits >> (5 * place) & 31) as usize]);
        Self((0..TOKEN_LENGTH).rev().map(letter).collect())
    }

    /// Reads what a person may have typed: in any case, with dashes, with the letters Crockford leaves out.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = typed(text, |letter| match letter {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })?;
        let fits = text.len() == TOKEN_LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte));
        fits.then_some(Self(text))
    }
}

/// A token opens a seat, so it never reaches a log line by way of `{:?}`.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn typed(text: &str, replace: impl Fn(char) -> char) -> Option<String> {
    let letters = text.chars().filter(|letter| !matches!(letter, '-' | ' '));
    (text.len() <= LONGEST_TYPED).then(|| letters.map(|letter| replace(letter.to_ascii_uppercase())).collect())
}

pub(super) fn random_code() -> String {
    let mut random = rand::rng();
    (0..CODE_LENGTH).map(|_| char::from(CODE_ALPHABET[random.random_range(0..CODE_ALPHABET.len())])).collect()
}

pub(super) fn read_code(text: &str) -> Option<String> {
    typed(text, |letter| letter).filter(|code| code.len() == CODE_LENGTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_26_letters_of_crockford() {
        assert_eq!(Token::write(0).as_str(), "00000000000000000000000000");
        assert_eq!(Token::write(u128::MAX).as_str(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
        assert_eq!(Token::write(33).as_str(), "00000000000000000000000011");
        assert_ne!(Token::random(), Token::random());
    }

    #[test]
    fn a_token_is_read_as_people_type_it() {
        let token = Token::write(33);
        for text in ["00000000000000000000000011", "oooooooo-oooooooo-oooooooo-il", "O0000000000000000000000 0 1l"] {
            assert_eq!(Token::read(text), Some(token.clone()), "{text}");
        }
        for text in ["", "0", "0000000000000000000000001!", "000000000000000000000000110", &"-".repeat(1000)] {
            assert_eq!(Token::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_does_not_show_itself() {
        assert_eq!(format!("{:?}", Token::write(33)), "Token(…)");
    }

    #[test]
    fn a_code_has_six_letters_that_are_not_mistaken() {
        for _ in 0..100 {
            let code = random_code();
            assert_eq!(code.len(), 6);
            assert!(!code.contains(['0', 'O', '1', 'I', 'L', '5', 'S', '2', 'Z', '8', 'B', 'A', 'E', 'U', 'Y']));
            assert_eq!(read_code(&format!("{}-{}", &code[..3].to_lowercase(), &code[3..])), Some(code));
        }
    }
}
