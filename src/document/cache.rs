//! Page images kept between the cells of a notebook: the least recently used go first, and all of them with their document.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Result, content::Raster, memory::Held};

/// Bytes. Five letter pages at 200 dpi.
const BUDGET: usize = 64 << 20;

/// The page images that a [`Document`](crate::Document) keeps, up to a number of bytes.
pub struct PageCache {
    state: Mutex<State>,
}

struct State {
    budget: usize,
    bytes: usize,
    hits: u64,
    misses: u64,
    /// The least recently used first.
    images: Vec<Image>,
    held: Held,
}

struct Image {
    page: usize,
    dpi: f32,
    raster: Arc<Raster>,
}

impl Default for PageCache {
    fn default() -> Self {
        let (budget, images, held) = (BUDGET, Vec::new(), Held::cache());
        Self { state: Mutex::new(State { budget, bytes: 0, hits: 0, misses: 0, images, held }) }
    }
}

impl PageCache {
    /// The most bytes of pixels to keep; 64 MiB unless told otherwise.
    pub fn budget(&self) -> usize {
        self.state().budget
    }

    /// Keeps no more than `bytes` from now on; 0 turns the cache off.
    pub fn set_budget(&self, bytes: usize) {
        let mut state = self.state();
        state.budget = bytes;
        state.evict(0);
    }

    /// Bytes of pixels kept.
    pub fn bytes(&self) -> usize {
        self.state().bytes
    }

    /// How often an image was there already.
    pub fn hits(&self) -> u64 {
        self.state().hits
    }

    /// How often it had to be drawn.
    pub fn misses(&self) -> u64 {
        self.state().misses
    }

    /// Lets go of all images. What is still in use elsewhere is freed when that ends.
    pub fn clear(&self) {
        self.state().evict(usize::MAX);
    }

    /// The image of `page` at `dpi`, drawn by `draw` if it is not kept.
    pub(super) fn get(
        &self,
        page: usize,
        dpi: f32,
        draw: impl FnOnce() -> Result<Raster>,
    ) -> Result<Arc<Raster>> {
        if let Some(raster) = self.state().hit(page, dpi) {
            return Ok(raster);
        }
        let raster = Arc::new(draw()?);
        self.state().keep(Image { page, dpi, raster: Arc::clone(&raster) });
        Ok(raster)
    }

    /// A panic elsewhere leaves the state whole: it is changed by plain moves.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn hit(&mut self, page: usize, dpi: f32) -> Option<Arc<Raster>> {
        let place = self.images.iter().position(|image| image.page == page && image.dpi == dpi);
        let Some(place) = place else {
            self.misses += 1;
            return None;
        };
        self.hits += 1;
        self.images[place..].rotate_left(1);
        self.images.last().map(|image| Arc::clone(&image.raster))
    }

    /// An image beyond the whole budget would only throw the others out.
    fn keep(&mut self, image: Image) {
        let bytes = bytes_of(&image);
        if bytes <= self.budget {
            self.evict(bytes);
            self.images.push(image);
            self.set_bytes(self.bytes + bytes);
        }
    }

    /// Makes room for `more` bytes.
    fn evict(&mut self, more: usize) {
        let mut bytes = self.bytes;
        let goes = |image: &Image| {
            let over = bytes.saturating_add(more) > self.budget;
            bytes -= if over { bytes_of(image) } else { 0 };
            over
        };
        let gone = self.images.iter().map(goes).take_while(|over| *over).count();
        self.images.drain(..gone);
        self.set_bytes(bytes);
    }

    fn set_bytes(&mut self, bytes: usize) {
        self.bytes = bytes;
        self.held.set(bytes as u64);
    }
}

fn bytes_of(image: &Image) -> usize {
    image.raster.pixels.len()
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;

    /// Bytes of an image.
    const IMAGE: usize = 300;

    fn raster() -> Result<Raster> {
        Ok(Raster { pixels: RgbImage::new(10, 10), scale: 1.0 })
    }

    fn with_room_for(images: usize) -> PageCache {
        let cache = PageCache::default();
        cache.set_budget(images * IMAGE);
        cache
    }

    /// Whether `page` is kept, without drawing it.
    fn keeps(cache: &PageCache, page: usize) -> bool {
        cache.state().images.iter().any(|image| image.page == page)
    }

    #[test]
    fn a_page_is_drawn_once_for_each_resolution() {
        let cache = with_room_for(3);
        for dpi in [72.0, 144.0, 72.0] {
            cache.get(1, dpi, raster).unwrap();
        }
        assert_eq!((cache.hits(), cache.misses(), cache.bytes()), (1, 2, 2 * IMAGE));
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let cache = with_room_for(2);
        for page in [1, 2, 1, 3] {
            cache.get(page, 72.0, raster).unwrap();
        }
        assert_eq!([1, 2, 3].map(|page| keeps(&cache, page)), [true, false, true]);
    }

    #[test]
    fn no_budget_keeps_nothing() {
        let cache = with_room_for(0);
        cache.get(1, 72.0, raster).unwrap();
        assert_eq!((cache.bytes(), keeps(&cache, 1)), (0, false));
    }

    #[test]
    fn a_lower_budget_and_clear_let_go() {
        let cache = with_room_for(3);
        for page in 1..=3 {
            cache.get(page, 72.0, raster).unwrap();
        }
        cache.set_budget(IMAGE);
        assert_eq!((cache.bytes(), keeps(&cache, 3)), (IMAGE, true));
        cache.clear();
        assert_eq!((cache.bytes(), keeps(&cache, 3)), (0, false));
    }

    #[test]
    fn a_page_that_cannot_be_drawn_is_an_error_and_not_kept() {
        let cache = with_room_for(1);
        let failing = || Err(crate::Error::Empty { document: "a.pdf".into() });
        assert!(cache.get(1, 72.0, failing).is_err() && cache.get(1, 72.0, raster).is_ok());
    }
}
