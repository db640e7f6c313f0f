//! Files of others: a hash that is named is not yet a file that one may have.

use super::*;
use http::Method;

impl Cast {
    async fn asks_for(&self, hash: &str) -> u16 {
        let path = format!("/federation/v1/media/{hash}");
        let answer = self.wire.send(&self.wire.signed(Method::GET, &path, b"")).await;
        answer.status().as_u16()
    }
}

fn claim(hash: &str) -> Value {
    json!([{
        "hash": hash, "kind": "image", "mime": "image/jpeg", "name": "mine.jpg", "bytes": 1, "width": 1, "height": 1,
        "placeholder": "", "alt": "", "caption": "",
    }])
}

#[tokio::test]
async fn naming_a_file_does_not_open_it() {
    let cast = Cast::gather().await;
    let wire = &cast.wire;
    let private = cast.anna.upload_photo(7).await;
    cast.anna
        .post_with(Audience::Me, "Only mine", &[(&private, "")])
        .await;
    let hash = private.hash.to_string();
    assert_eq!(cast.asks_for(&hash).await, 404, "nobody at the lake may see it");

    let mut post = cast.post_object("Look at my picture");
    post["media"] = claim(&hash);
    let id = cast.id();
    assert_eq!(
        wire.say(&cast.says(&cast.clara, "post.put", id, post)).await,
        "applied"
    );
    assert_eq!(cast.asks_for(&hash).await, 404, "an own post that names it");

    let mut comment = cast.comment_object(cast.id(), "And here");
    comment["media"] = claim(&hash);
    assert_eq!(
        wire.say(&cast.says(&cast.clara, "comment.put", cast.bench, comment))
            .await,
        "applied"
    );
    assert_eq!(
        cast.asks_for(&hash).await,
        404,
        "a comment on a post of the hill that names it"
    );

    let picture = json!({"audience": "public", "square": {
        "hash": hash, "mime": "image/jpeg", "bytes": 1, "width": 1, "height": 1 }});
    let profile = json!({"name": "Clara", "findable": true, "fields": [], "picture": picture});
    assert_eq!(
        wire.say(&cast.says(&cast.clara, "person.update", None, profile))
            .await,
        "applied"
    );
    assert_eq!(cast.asks_for(&hash).await, 404, "a profile that names it");

    // Shown by its owner to those who may see it, it is given.
    cast.anna
        .post_with(Audience::Friends, "For you", &[(&private, "")])
        .await;
    wire.world.leaves_rows_waiting();
    assert_eq!(cast.asks_for(&hash).await, 200, "a friend may see it now");
    cast.honest("Still honest", "claims about files").await;
}

#[tokio::test]
async fn paths_variants_and_ranges_are_read_strictly() {
    let cast = Cast::gather().await;
    let photo = cast.anna.upload_photo(8).await;
    cast.anna
        .post_with(Audience::Public, "For all", &[(&photo, "")])
        .await;
    cast.wire.world.pump().await;
    let hash = photo.hash.to_string();
    assert_eq!(cast.asks_for(&hash).await, 200);
    for path in [
        hash.to_uppercase(),
        format!("{hash}?variant=original&variant=160"),
        format!("{hash}?variant=../original"),
        format!("{hash}?variant=161"),
        format!("{hash}?"),
        format!("{hash}/"),
        format!("{hash}%00"),
        format!("../media/{hash}"),
        "0".repeat(64),
        "..".to_owned(),
        String::new(),
    ] {
        assert_eq!(cast.asks_for(&path).await, 404, "{path}");
    }
    let whole = photo.bytes;
    let last = whole - 1;
    for (range, status, length) in [
        ("bytes=0-0".to_owned(), 206, Some(1)),
        ("bytes=-1".to_owned(), 206, Some(1)),
        (format!("bytes={last}-"), 206, Some(1)),
        (format!("bytes=0-{}", u64::MAX), 206, Some(whole)),
        (format!("bytes={whole}-"), 416, None),
        (format!("bytes={}-", u64::MAX), 416, None),
        ("bytes=-0".to_owned(), 416, None),
        ("bytes=5-2".to_owned(), 416, None),
        // More than one, and what is none, are not served in parts.
        ("bytes=0-0,2-2".to_owned(), 200, Some(whole)),
        ("bytes=a-b".to_owned(), 200, Some(whole)),
        ("bytes=18446744073709551616-".to_owned(), 200, Some(whole)),
        ("lines=1-2".to_owned(), 200, Some(whole)),
        ("bytes".to_owned(), 200, Some(whole)),
    ] {
        let mut request = cast
            .wire
            .signed(Method::GET, &format!("/federation/v1/media/{hash}"), b"");
        request.headers_mut().insert("range", range.parse().unwrap());
        let answer = cast.wire.send(&request).await;
        assert_eq!(answer.status().as_u16(), status, "{range}");
        if let Some(length) = length {
            assert_eq!(answer.body().len() as u64, length, "{range}");
        }
    }
}
