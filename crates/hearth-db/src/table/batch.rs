//! Many ids in one statement: as a JSON list of hexadecimal texts, read with `json_each` and `unhex`.

use uuid::Uuid;

/// The list for `json_each`.
pub(crate) fn hex_list(ids: &[Uuid]) -> String {
    let mut out = String::with_capacity(ids.len() * 35 + 2);
    out.push('[');
    for (n, id) in ids.iter().enumerate() {
        out.push_str(if n == 0 { "\"" } else { ",\"" });
        let mut buffer = Uuid::encode_buffer();
        out.push_str(id.simple().encode_lower(&mut buffer));
        out.push('"');
    }
    out.push(']');
    out
}
