//! Files of a false home: how much of them is taken, and how often they are asked for.

use super::answers::Lied;
use super::*;
use bytes::Bytes;
use hearth_api::Code;
use hearth_api::media::{GetMediaLimits, MediaLimits, SetMediaLimits, Variant};
use hearth_tests::liar::{Reply, Sent};
use hearth_tests::within;

const MEDIA_PATH: &str = "/federation/v1/media/";
const OCTETS: &str = "application/octet-stream";

#[tokio::test]
async fn what_many_want_is_asked_for_once_and_a_thumbnail_is_no_longer_than_one_may_be() {
    let lied = Lied::to().await;
    let cast = &lied.cast;
    let photo = cast.clara.upload_photo(6).await;
    let there = cast.wire.lake.node();
    let clara = cast.clara.caller();
    let open = there.media(&clara, photo.hash.clone(), Variant::Original, None);
    let bytes = Bytes::from(open.await.unwrap().into_bytes().unwrap());
    let id = cast.id();
    let mut object = cast.post_object("A photo");
    object["media"] = json!([{
        "hash": photo.hash, "kind": "image", "mime": "image/jpeg", "name": "photo.jpg", "bytes": photo.bytes,
        "width": 320, "height": 240, "placeholder": "", "alt": "", "caption": "",
    }]);
    let said = cast.says(&cast.clara, "post.put", id, object);
    assert_eq!(cast.wire.say(&said).await, "applied");
    let look = async |variant| {
        let node = cast.wire.hill.node();
        let anna = cast.anna.caller();
        let shown = node.media(&anna, photo.hash.clone(), variant, None);
        shown.await.map(|shown| shown.total).map_err(|error| error.code)
    };
    let limits = cast.anna.ok(GetMediaLimits {}).await;
    let short = MediaLimits {
        max_file: 1_000_000,
        ..limits
    };
    cast.anna.ok(SetMediaLimits { limits: short }).await;
    let endless = Reply::new(200, OCTETS, Bytes::new());
    let endless = endless.sending(Sent::Endless(Bytes::from(vec![7; 64 * 1024])));
    lied.liar.answers(MEDIA_PATH, endless);
    for variant in [Variant::Small, Variant::Original] {
        let shown = within("a picture without end", look(variant)).await;
        assert_eq!(shown, Err(Code::FileTooLarge), "{variant:?}");
    }
    let long = Bytes::from(vec![7; 4_000_001]);
    lied.liar.answers(MEDIA_PATH, Reply::new(200, OCTETS, long));
    let shown = within("a long thumbnail", look(Variant::Small)).await;
    assert_eq!(shown, Err(Code::FileTooLarge));

    let total = bytes.len() as u64;
    lied.liar.answers(MEDIA_PATH, Reply::new(200, OCTETS, bytes));
    let _ = lied.liar.asked();
    let look = || look(Variant::Original);
    let many = async { tokio::join!(look(), look(), look()) };
    let shown = within("the picture", many).await;
    assert_eq!(shown, (Ok(total), Ok(total), Ok(total)));
    let asked = lied.liar.asked();
    let asked = asked
        .iter()
        .filter(|(path, _)| path.starts_with(MEDIA_PATH))
        .count();
    assert_eq!(asked, 1, "one request for all");
}
