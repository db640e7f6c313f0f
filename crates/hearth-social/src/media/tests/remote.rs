//! Files of another home: fetched, verified, let go and fetched again; what is given to others and taken from them.

use super::*;

/// Anna of the lake house and Ben of the city flat are friends, and the homes are connected; Carol lives with Ben.
async fn two_homes() -> (Home, Home) {
    let lake = Home::of("Lake house", &["Anna", "Dora"]).await;
    let city = Home::of("City flat", &["Ben", "Carol"]).await;
    connect(&lake, &city).await;
    let (anna, ben) = (lake.person("Anna").person, city.person("Ben").person);
    introduce(&lake, anna, &city).await;
    introduce(&city, ben, &lake).await;
    befriend(&lake, anna, ben).await;
    befriend(&city, anna, ben).await;
    (lake, city)
}

/// Puts Anna's post with this file on the city flat, as its activity would.
async fn deliver(lake: &Home, city: &Home, id: PostId, item: &MediaItem) {
    let (anna, from, now) = (lake.person("Anna").person, lake.id.clone(), lake.social.now());
    let list = vec![item.clone()];
    city.write(move |tx| {
        post::put(tx, &post_row(id, anna, from.clone(), Audience::Friends, now))?;
        attach_remote(tx, Carrier::Post(id), &list, &from, None, now)
    })
    .await;
}

#[tokio::test]
async fn a_friends_picture_is_fetched_verified_kept_and_fetched_again() {
    let (lake, city) = two_homes().await;
    let item = upload(&lake, "Anna", "a.jpg", photo(300, 200, 5)).await.unwrap();
    let id = post_with(&lake, "Anna", Audience::Friends, vec![plain(&item.hash)]).await;
    deliver(&lake, &city, id, &item).await;
    let shown = city.read(move |tx| items_of(tx, &[Carrier::Post(id)]));
    assert_eq!(
        shown[&Carrier::Post(id)],
        std::slice::from_ref(&item),
        "all but the bytes is there"
    );

    let needed = FetchNeeded {
        homes: vec![lake.id.clone()],
        hash: item.hash.clone(),
        variant: Variant::Small,
        limit: 4_000_000,
    };
    match open(&city, "Ben", &item.hash, Variant::Small).await.unwrap() {
        Opened::Elsewhere(answer) => assert_eq!(answer, needed),
        Opened::Here(_) => panic!("nothing was fetched yet"),
    }
    check_refused(
        open(&city, "Carol", &item.hash, Variant::Small).await,
        "not_found",
    );

    let store = |variant, bytes: Vec<u8>| {
        city.social
            .media_store_remote(&item.hash, variant, Cursor::new(bytes))
    };
    let small = open_bytes(&lake, "Anna", &item.hash, Variant::Small).await;
    check_refused(
        store(Variant::Small, b"<svg onload='alert(1)'>".to_vec()).await,
        "bad_file",
    );
    store(Variant::Small, small.clone()).await.unwrap();
    open(&city, "Ben", &item.hash, Variant::Small).await.unwrap();

    let whole = open_bytes(&lake, "Anna", &item.hash, Variant::Original).await;
    let mut wrong = whole.clone();
    wrong.push(0);
    check_refused(store(Variant::Original, wrong).await, "bad_file");
    assert!(!blob_there(&city, &item.hash), "what is not the file is not kept");
    store(Variant::Original, whole.clone()).await.unwrap();
    assert_eq!(
        open_bytes(&city, "Ben", &item.hash, Variant::Original).await,
        whole
    );
    open(&city, "Ben", &item.hash, Variant::Large).await.unwrap();
    let unasked: MediaHash = "1".repeat(64).parse().unwrap();
    let unasked = city
        .social
        .media_store_remote(&unasked, Variant::Original, Cursor::new(b"x".to_vec()));
    check_refused(unasked.await, "not_found");

    // Another picture does not fit beside it: the one not used longest goes, and can be fetched again.
    set(&city, "media_cache", whole.len() as u64 + 10).await;
    let other = upload(&lake, "Anna", "b.jpg", photo(300, 200, 6)).await.unwrap();
    let second = post_with(&lake, "Anna", Audience::Friends, vec![plain(&other.hash)]).await;
    deliver(&lake, &city, second, &other).await;
    city.clock.advance_days(1);
    let bytes = open_bytes(&lake, "Anna", &other.hash, Variant::Original).await;
    city.social
        .media_store_remote(&other.hash, Variant::Original, Cursor::new(bytes))
        .await
        .unwrap();
    assert!(blob_there(&city, &other.hash) && !blob_there(&city, &item.hash));
    let again = open(&city, "Ben", &item.hash, Variant::Original).await.unwrap();
    assert!(matches!(again, Opened::Elsewhere(_)));
    let files = city.read(media::cached_bytes);
    assert_eq!(files, other.bytes);

    // When the post goes, so does the copy.
    city.write(move |tx| {
        detach_all(tx, Carrier::Post(second))?;
        Ok(post::delete(tx, second)?)
    })
    .await;
    city.social.sweep_media().await.unwrap();
    assert!(!blob_there(&city, &other.hash));
}

#[tokio::test]
async fn previews_are_wanted_once_counted_and_let_go_of_when_they_do_not_fit() {
    let (lake, city) = two_homes().await;
    let mut small = Vec::new();
    for seed in [5, 6] {
        let item = upload(&lake, "Anna", "a.jpg", photo(700, 500, seed))
            .await
            .unwrap();
        let id = post_with(&lake, "Anna", Audience::Friends, vec![plain(&item.hash)]).await;
        deliver(&lake, &city, id, &item).await;
        lake.clock.advance_days(1);
        let bytes = open_bytes(&lake, "Anna", &item.hash, Variant::Medium).await;
        small.push((item.hash, bytes));
    }
    let wanted = async || {
        let missing = city.social.missing_previews().await.unwrap();
        assert!(
            missing
                .iter()
                .all(|one| one.homes == [lake.id.clone()] && one.variant == Variant::Medium)
        );
        missing.into_iter().map(|one| one.hash).collect::<Vec<_>>()
    };
    assert_eq!(
        wanted().await,
        [small[1].0.clone(), small[0].0.clone()],
        "the latest first"
    );
    for (hash, bytes) in &small {
        let bytes = Cursor::new(bytes.clone());
        city.social
            .media_store_remote(hash, Variant::Medium, bytes)
            .await
            .unwrap();
    }
    assert!(wanted().await.is_empty());
    let all = city.social.media_cache().await.unwrap().used;
    assert!(all > 0, "what lies there is counted");
    city.social.trim_previews().await.unwrap();
    assert_eq!(city.social.media_cache().await.unwrap().used, all, "it fits");

    // Only the one shown last fits.
    city.social.set_media_cache(all - 1).await.unwrap();
    let left = city.social.media_cache().await.unwrap().used;
    assert!(0 < left && left < all);
    assert_eq!(wanted().await, [small[0].0.clone()]);
    city.social.set_media_cache(0).await.unwrap();
    assert_eq!(city.social.media_cache().await.unwrap().used, 0);
    assert!(
        wanted().await.is_empty(),
        "who keeps no copies fetches no previews"
    );
}

#[tokio::test]
async fn another_home_gets_only_what_one_of_its_people_may_see() {
    let (lake, city) = two_homes().await;
    let peer = |hash: MediaHash| {
        let (social, id) = (lake.social.clone(), city.id.clone());
        async move { social.media_for_peer(&id, &hash, Variant::Original).await }
    };
    let item = upload(&lake, "Anna", "a.jpg", photo(60, 60, 5)).await.unwrap();
    check_refused(peer(item.hash.clone()).await, "not_found");
    post_with(&lake, "Anna", Audience::Local, vec![plain(&item.hash)]).await;
    check_refused(peer(item.hash.clone()).await, "not_found");
    let doras = upload(&lake, "Dora", "d.jpg", photo(60, 60, 6)).await.unwrap();
    post_with(&lake, "Dora", Audience::Friends, vec![plain(&doras.hash)]).await;
    check_refused(peer(doras.hash.clone()).await, "not_found");
    post_with(&lake, "Anna", Audience::Friends, vec![plain(&item.hash)]).await;
    assert!(
        matches!(peer(item.hash.clone()).await, Ok(Opened::Here(_))),
        "Ben is Anna's friend"
    );
    let (anna, ben) = (lake.person("Anna").person, city.person("Ben").person);
    lake.write(move |tx| Ok(friendship::part(tx, anna, ben).map(|_| ())?))
        .await;
    check_refused(peer(item.hash.clone()).await, "not_found");
    // Public posts are for all of a connected home, known here or not.
    let all = upload(&lake, "Dora", "all.jpg", photo(60, 60, 7)).await.unwrap();
    post_with(&lake, "Dora", Audience::Public, vec![plain(&all.hash)]).await;
    assert!(matches!(peer(all.hash.clone()).await, Ok(Opened::Here(_))));
    let stranger = "c".repeat(52).parse().unwrap();
    check_refused(
        lake.social
            .media_for_peer(&stranger, &item.hash, Variant::Original)
            .await,
        "not_found",
    );
}

#[tokio::test]
async fn what_another_home_says_of_a_file_is_kept_within_bounds() {
    let (lake, city) = two_homes().await;
    let claim = MediaItem {
        hash: "2".repeat(64).parse().unwrap(),
        kind: MediaKind::Image,
        mime: "text/html".to_owned(),
        name: "../../etc/passwd".to_owned(),
        bytes: u64::MAX,
        width: Some(10),
        height: Some(10),
        placeholder: "javascript:alert(1)".to_owned(),
        alt: String::new(),
        caption: String::new(),
    };
    let id = PostId(uuid::Uuid::from_u128(6));
    deliver(&lake, &city, id, &claim).await;
    let shown = city.read(move |tx| items_of(tx, &[Carrier::Post(id)]));
    let item = &shown[&Carrier::Post(id)][0];
    assert_eq!(
        (item.mime.as_str(), item.name.as_str(), item.placeholder.as_str()),
        ("application/octet-stream", "passwd", "")
    );
}
