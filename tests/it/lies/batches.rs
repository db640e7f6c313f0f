//! Numbers, epochs and receipts: what a home says about its log and about ours.

use super::*;
use hearth_federation::ids::Epoch;
use hearth_federation::reception::{Batch, Entry, WireVerdict};
use hearth_tests::wire::{INBOX, INBOX_TYPE};
use http::Method;

impl Cast {
    async fn refused_batch(&self, what: &str, json: &Value, code: &str) {
        let packed = zstd::bulk::compress(json.to_string().as_bytes(), 1).unwrap();
        self.refused_bytes(what, &packed, code).await;
    }

    async fn refused_bytes(&self, what: &str, body: &[u8], code: &str) {
        let (before, handled) = (self.wire.held(), self.wire.handled());
        let request = self.wire.signed(Method::POST, INBOX, body);
        assert_eq!(self.wire.refused(&request, what).await, code, "{what}");
        self.unchanged(&before, what);
        assert_eq!(self.wire.handled(), handled, "{what}: nothing counts as handled");
    }
}

#[tokio::test]
async fn a_batch_that_is_none_is_refused_whole() {
    let cast = Cast::gather().await;
    let (epoch, done) = cast.wire.handled();
    let next = done + 1;
    let honest = || {
        cast.says(
            &cast.clara,
            "post.put",
            cast.id(),
            cast.post_object("Taken from a bad batch"),
        )
    };
    let of = |from: Value, seqs: &[Value]| {
        let entries: Vec<Value> = seqs
            .iter()
            .map(|seq| json!({"seq": seq, "jws": honest()}))
            .collect();
        json!({"epoch": epoch, "from": from, "activities": entries})
    };
    let cases = [
        ("numbers from 0", of(json!(0), &[json!(next)])),
        ("nothing in it", of(json!(next), &[])),
        (
            "falling numbers",
            of(json!(next), &[json!(next + 1), json!(next)]),
        ),
        ("a number twice", of(json!(next), &[json!(next), json!(next)])),
        ("a number before the first", of(json!(next + 5), &[json!(next)])),
        ("a negative number", of(json!(-1), &[json!(next)])),
        ("half a number", of(json!(1.5), &[json!(next)])),
        ("2^64 - 1", of(json!(next), &[json!(u64::MAX)])),
        ("2^63 - 1", of(json!(next), &[json!(i64::MAX)])),
        (
            "no epoch",
            json!({"from": next, "activities": [{"seq": next, "jws": honest()}]}),
        ),
        (
            "an epoch that is none",
            json!({"epoch": "now", "from": next, "activities": [{"seq": next, "jws": honest()}]}),
        ),
        (
            "no text",
            json!({"epoch": epoch, "from": next, "activities": [{"seq": next}]}),
        ),
        (
            "a text that is none",
            json!({"epoch": epoch, "from": next, "activities": [{"seq": next, "jws": {}}]}),
        ),
        ("a list", json!([])),
    ];
    for (what, batch) in cases {
        cast.refused_batch(what, &batch, "malformed").await;
        cast.honest(&format!("After {what}"), what).await;
    }
    let (epoch, done) = cast.wire.handled();
    let many: Vec<Value> = (0..101)
        .map(|n| json!({"seq": done + 1 + n, "jws": "a.b.c"}))
        .collect();
    let many = json!({"epoch": epoch, "from": done + 1, "activities": many});
    cast.refused_batch("a hundred and one", &many, "too_large").await;
    let bomb = zstd::bulk::compress(&vec![b' '; 256 * 1024 * 1024], 19).unwrap();
    assert!(bomb.len() < 1024 * 1024);
    cast.refused_bytes("a bomb of 256 MiB", &bomb, "malformed").await;
    cast.refused_bytes("not compressed", many.to_string().as_bytes(), "malformed")
        .await;
    cast.refused_bytes("cut off", &bomb[..bomb.len() / 2], "malformed")
        .await;
    let gap = json!({"epoch": epoch, "from": done + 2, "activities": [{"seq": done + 2, "jws": honest()}]});
    cast.refused_batch("a gap", &gap, "sequence_gap").await;
    let far =
        json!({"epoch": epoch, "from": i64::MAX - 1, "activities": [{"seq": i64::MAX - 1, "jws": honest()}]});
    cast.refused_batch("a gap of all numbers", &far, "sequence_gap")
        .await;
    let mut request = cast.wire.signed(Method::POST, INBOX, b"{}");
    request
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    let code = cast.wire.refused(&request, "another media type").await;
    assert_eq!(code, "bad_signature", "the type is signed: {INBOX_TYPE}");
    cast.honest("In the end", "all of that").await;
}

#[tokio::test]
async fn numbers_that_were_handled_do_not_count_again() {
    let cast = Cast::gather().await;
    let (epoch, done) = cast.wire.handled();
    // New words under old numbers: as if they had been handled, nothing of them is.
    let new = cast.says(&cast.clara, "post.put", cast.id(), cast.post_object("Smuggled"));
    let old = Batch {
        epoch,
        from: 1,
        run: None,
        activities: vec![Entry {
            seq: 1,
            jws: new.clone(),
        }],
    };
    let before = cast.wire.held();
    let receipt = cast.wire.deliver(&old).await;
    assert_eq!(receipt.ack, done, "what was handled stays handled");
    assert_eq!(receipt.results[0].verdict, WireVerdict::Duplicate);
    cast.unchanged(&before, "new words under an old number");
    assert_eq!(cast.wire.handled(), (epoch, done));
    cast.honest("After an old number", "an old number").await;

    // Another life of the log counts from the start, and what it brings again changes nothing. Those who run this home are
    // told of it, and comparing begins.
    let known = Cast::stored(&cast.wire.hill, cast.claras);
    let mut before = cast.wire.held();
    for table in [
        "event",
        "notification",
        "notification_line",
        "peer_life",
        "reconcile",
    ] {
        assert!(before.remove(table).is_some(), "{table} is a table");
    }
    // When it was heard of is kept.
    let facts = before.remove("meta").unwrap();
    let other = Epoch::from_bytes([9; 16]);
    let entry = |seq| Entry {
        seq,
        jws: known.clone(),
    };
    let reborn = Batch {
        epoch: other,
        from: 1,
        run: None,
        activities: vec![entry(1), entry(7)],
    };
    let receipt = cast.wire.deliver(&reborn).await;
    assert_eq!(receipt.ack, 7);
    assert!(
        receipt
            .results
            .iter()
            .all(|result| result.verdict == WireVerdict::Duplicate)
    );
    cast.unchanged(&before, "another epoch");
    let mut now = cast.wire.held().remove("meta").unwrap();
    now.retain(|fact| !fact.contains("new_life:"));
    assert_eq!(now, facts);
    cast.honest("In another life", "another epoch").await;
    // A gap in another life is told by its own numbers, once that life may follow.
    let gap = Batch {
        epoch: Epoch::from_bytes([10; 16]),
        from: 500,
        run: None,
        activities: vec![entry(500)],
    };
    let request = cast.wire.signed(Method::POST, INBOX, &gap.encode().unwrap());
    assert_eq!(cast.wire.refused(&request, "too soon").await, "unavailable");
    cast.wire.world.clock().advance(Duration::from_secs(10 * 60));
    let request = cast.wire.signed(Method::POST, INBOX, &gap.encode().unwrap());
    let answer = cast.wire.send(&request).await;
    let problem: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(
        (&problem["code"], &problem["expected_seq"]),
        (&json!("sequence_gap"), &json!(1))
    );
}

#[tokio::test]
async fn one_lie_in_a_batch_does_not_block_what_is_honest() {
    let cast = Cast::gather().await;
    let ids = [cast.id(), cast.id()];
    let [first, last] =
        ids.map(|id| cast.says(&cast.clara, "post.put", id, cast.post_object("Around a lie")));
    let forged = cast.says(&cast.clara, "post.delete", cast.bench, json!({}));
    let nonsense = "\u{0}\u{202e}".repeat(1000);
    let receipt = cast
        .wire
        .deliver(&cast.wire.batch(&[&first, &forged, &nonsense, &last]))
        .await;
    let refused = |code: &str| WireVerdict::Refused {
        code: code.to_owned(),
    };
    let verdicts: Vec<_> = receipt.results.into_iter().map(|result| result.verdict).collect();
    assert_eq!(
        verdicts,
        [
            WireVerdict::Applied,
            refused("id_not_yours"),
            refused("invalid_activity"),
            WireVerdict::Applied
        ]
    );
    for id in ids {
        assert!(cast.anna.sees(PostId(id)).await.is_some());
    }
    let home = cast.wire.lake.id();
    let aside = cast.wire.hill.read(|tx| hearth_db::inbox::refused(tx, &home, 10));
    assert_eq!(aside.len(), 2, "both lies are kept for the admin");
}
