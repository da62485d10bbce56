//! Pages drawn here with what writers of PDFs do in odd ways.

use flatleaf::{
    Document,
    content::{Axis, Page},
};
use pdf_writer::{Pdf, Rect, Ref};

use crate::need;

/// A page of letter paper with this content stream.
fn page(content: &[u8]) -> Page {
    let (catalog, tree, page, stream) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);
    pdf.page(page).parent(tree).media_box(Rect::new(0.0, 0.0, 612.0, 792.0)).contents(stream);
    pdf.stream(stream, content);
    let document = Document::from_bytes("drawn.pdf", pdf.finish(), None).unwrap();
    document.page(1).unwrap()
}

#[test]
fn an_image_of_one_pixel_drawn_thin_is_a_line() {
    let Some(_) = need::models() else { return };
    let pixel = |width: f32, height: f32| {
        let place = format!("q {width} 0 0 {height} 100 500 cm ");
        [place.as_bytes(), b"BI /W 1 /H 1 /BPC 1 /IM true ID \0 EI Q"].concat()
    };
    let line = page(&pixel(20.0, 0.5));
    assert_eq!((line.bars.len(), line.rules.len(), line.images.len()), (1, 1, 0));
    assert_eq!((line.rules[0].axis, line.bars[0].width()), (Axis::Horizontal, 20.0));
    let short = page(&pixel(3.0, 0.5));
    assert_eq!((short.bars.len(), short.rules.len(), short.images.len()), (1, 0, 0));
    let picture = page(&pixel(20.0, 20.0));
    assert_eq!((picture.bars.len(), picture.rules.len(), picture.images.len()), (0, 0, 1));
}
