//! Pictures and metadata made for tests.

/// Stands in every piece of metadata that the fixtures carry.
pub(crate) const MARKER: &str = "SECRET-52.5200N-13.4050E";

/// EXIF data with an orientation, a date, and a GPS text that must never be stored.
pub(crate) fn exif_data(little: bool, orientation: u16, date: &str) -> Vec<u8> {
    let u16 = |value: u16| {
        if little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    let u32 = |value: u32| {
        if little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        }
    };
    let text = |date: &str| [date.as_bytes(), b"\0"].concat();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&u16(tag)[..], &u16(kind), &u32(count), &value].concat()
    };
    let [a, b] = u16(orientation);
    // 8: three entries, 50: the date's folder, 68: the place's folder, 86: their texts.
    let place = format!("{MARKER}\0");
    [
        if little { b"II" } else { b"MM" }.to_vec(),
        u16(42).to_vec(),
        u32(8).to_vec(),
        u16(3).to_vec(),
        entry(0x0112, 3, 1, [a, b, 0, 0]),
        entry(0x8769, 4, 1, u32(50)),
        entry(0x8825, 4, 1, u32(68)),
        u32(0).to_vec(),
        u16(1).to_vec(),
        entry(0x9003, 2, 20, u32(86)),
        u32(0).to_vec(),
        u16(1).to_vec(),
        entry(0x001B, 2, place.len() as u32, u32(106)),
        u32(0).to_vec(),
        text(date),
        place.into_bytes(),
    ]
    .concat()
}

/// A picture of a size, red above left, green above right, blue below left, white below right.
pub(crate) fn corners(width: u32, height: u32) -> Vec<[u8; 3]> {
    let pixel = |x, y| match (x < width / 2, y < height / 2) {
        (true, true) => [220, 20, 20],
        (false, true) => [20, 200, 20],
        (true, false) => [20, 20, 220],
        (false, false) => [240, 240, 240],
    };
    (0..height)
        .flat_map(|y| (0..width).map(move |x| pixel(x, y)))
        .collect()
}

/// A JPEG file of [`corners`] without any metadata but what the encoder writes.
pub(crate) fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 92);
    let pixels = corners(width.into(), height.into()).concat();
    encoder
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    bytes
}

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let len = (payload.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &len[..], payload].concat()
}

/// A JPEG file with metadata in every place that is known for it, and a second picture behind its end.
pub(crate) fn jpeg_with_metadata(width: u16, height: u16, orientation: u16) -> Vec<u8> {
    let plain = jpeg(width, height);
    let exif = exif_data(true, orientation, "2021:07:08 09:10:11");
    let segments = [
        segment(0xE1, &[b"Exif\0\0", &exif[..]].concat()),
        segment(
            0xE1,
            format!("http://ns.adobe.com/xap/1.0/\0<x>{MARKER}</x>").as_bytes(),
        ),
        segment(0xED, format!("Photoshop 3.0\0{MARKER}").as_bytes()),
        segment(0xE2, format!("MPF\0{MARKER}").as_bytes()),
        segment(0xE2, &[&b"ICC_PROFILE\0\x01\x01"[..], &profile()].concat()),
        segment(0xE0, format!("JFXX\0{MARKER}").as_bytes()),
        segment(0xEF, MARKER.as_bytes()),
        segment(0xFE, MARKER.as_bytes()),
    ];
    [
        &plain[..2],
        &segments.concat(),
        &plain[2..],
        MARKER.as_bytes(),
        &plain,
    ]
    .concat()
}

/// What is taken for the colour profile of an RGB picture.
pub(crate) fn profile() -> Vec<u8> {
    let mut profile = vec![0; 132];
    profile[16..20].copy_from_slice(b"RGB ");
    profile[36..40].copy_from_slice(b"acsp");
    profile
}

/// A PNG file with alpha: transparent above left, else [`corners`].
pub(crate) fn png_with_alpha(width: u32, height: u32) -> Vec<u8> {
    let alpha = |[r, g, b]: [u8; 3]| {
        if r > g && r > b {
            [r, g, b, 0]
        } else {
            [r, g, b, 255]
        }
    };
    let pixels: Vec<u8> = corners(width, height).into_iter().flat_map(alpha).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// A PNG file of 16 bits a channel, in grey or in colour, animated when it has more than one frame.
pub(crate) fn png_deep(width: u32, height: u32, colour: png::ColorType, frames: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(png::BitDepth::Sixteen);
    if frames > 1 {
        encoder.set_animated(frames, 0).unwrap();
    }
    let mut writer = encoder.write_header().unwrap();
    for frame in 0..frames {
        let len = width as usize * height as usize * colour.samples() * 2;
        writer.write_image_data(&vec![frame as u8 * 40; len]).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

/// A chunk of a PNG file.
pub(crate) fn png_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let checked = [name, data].concat();
    let crc = !checked.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                0xEDB8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            }
        })
    });
    [
        &(data.len() as u32).to_be_bytes()[..],
        &checked,
        &crc.to_be_bytes(),
    ]
    .concat()
}

/// Puts metadata into a PNG file, and something behind its end.
pub(crate) fn png_with_metadata(plain: &[u8], orientation: u16) -> Vec<u8> {
    let chunks = [
        png_chunk(b"eXIf", &exif_data(false, orientation, "2020:01:02 03:04:05")),
        png_chunk(b"tEXt", format!("Comment\0{MARKER}").as_bytes()),
        png_chunk(b"iTXt", format!("XML:com.adobe.xmp\0\0\0\0\0{MARKER}").as_bytes()),
        png_chunk(b"tIME", &[7, 228, 1, 1, 1, 1, 1]),
        png_chunk(b"prVt", MARKER.as_bytes()),
    ];
    let (head, tail) = plain.split_at(8 + 25);
    [head, &chunks.concat(), tail, MARKER.as_bytes()].concat()
}

/// A GIF file whose frames leave the outermost pixels transparent, with comments and XMP.
pub(crate) fn gif(width: u16, height: u16, frames: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let palette = [0, 0, 0, 220, 20, 20, 20, 200, 20];
    let mut encoder = gif::Encoder::new(&mut bytes, width, height, &palette).unwrap();
    if frames > 1 {
        encoder.set_repeat(gif::Repeat::Infinite).unwrap();
    }
    for number in 0..frames {
        let colour = 1 + (number % 2) as u8;
        encoder
            .write_raw_extension(gif::AnyExtension(0xFE), &[MARKER.as_bytes()])
            .unwrap();
        let xmp = [&b"XMP DataXMP"[..], MARKER.as_bytes()];
        encoder
            .write_raw_extension(gif::AnyExtension(0xFF), &xmp)
            .unwrap();
        let (width, height) = (width - 2, height - 2);
        let pixels = vec![colour; usize::from(width) * usize::from(height)];
        let mut frame = gif::Frame::from_indexed_pixels(width, height, pixels, None);
        (frame.left, frame.top, frame.delay) = (1, 1, 5);
        encoder.write_frame(&frame).unwrap();
    }
    drop(encoder);
    bytes.extend(MARKER.as_bytes());
    bytes
}

/// A lossless WebP file of [`corners`] with EXIF, XMP and a colour profile.
pub(crate) fn webp_with_metadata(width: u32, height: u32, orientation: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut bytes);
    encoder.set_icc_profile(profile());
    encoder.set_exif_metadata(exif_data(true, orientation, "2019:12:31 23:59:59"));
    encoder.set_xmp_metadata(format!("<x>{MARKER}</x>").into_bytes());
    let pixels = corners(width, height).concat();
    encoder
        .encode(&pixels, width, height, image_webp::ColorType::Rgb8)
        .unwrap();
    bytes.extend(MARKER.as_bytes());
    bytes
}

/// A chunk of a WebP file.
pub(crate) fn webp_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let padding = &[0][..data.len() % 2];
    [name, &(data.len() as u32).to_le_bytes()[..], data, padding].concat()
}

/// An animated WebP file of two frames, each with a chunk of metadata within.
pub(crate) fn webp_animated(width: u32, height: u32) -> Vec<u8> {
    let mut still = Vec::new();
    let pixels = corners(width, height).concat();
    let encoder = image_webp::WebPEncoder::new(&mut still);
    encoder
        .encode(&pixels, width, height, image_webp::ColorType::Rgb8)
        .unwrap();
    let u24 = |value: u32| value.to_le_bytes()[..3].to_vec();
    let size = [u24(width - 1), u24(height - 1)].concat();
    let stray = webp_chunk(b"tEST", MARKER.as_bytes());
    let frame = [&[0; 6], &size[..], &u24(100), &[0], &still[12..], &stray].concat();
    let body = [
        webp_chunk(b"VP8X", &[&[0x02 | 0x04, 0, 0, 0], &size[..]].concat()),
        webp_chunk(b"ANIM", &[0; 6]),
        webp_chunk(b"ANMF", &frame),
        webp_chunk(b"ANMF", &frame),
        webp_chunk(b"XMP ", MARKER.as_bytes()),
    ]
    .concat();
    [
        b"RIFF",
        &(body.len() as u32 + 4).to_le_bytes()[..],
        b"WEBP",
        &body,
    ]
    .concat()
}
