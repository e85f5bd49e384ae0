/** Photographs of one thing at several dates, one over the other: the slider lets the later one appear over the earlier. */

function layer(link: HTMLAnchorElement): HTMLPictureElement {
  const [picture, image, source] = [document.createElement("picture"), document.createElement("img"), document.createElement("source")];
  source.type = "image/avif";
  source.srcset = link.dataset["avif"] ?? "";
  if (source.srcset) picture.append(source);
  image.src = link.dataset["jpeg"] ?? "";
  image.alt = link.dataset["alt"] ?? "";
  picture.append(image);
  return picture;
}

function blending(box: HTMLElement): void {
  const range = box.querySelector<HTMLInputElement>("input[type=range]");
  const place = box.querySelector<HTMLElement>(".blend");
  const links = [...box.querySelectorAll<HTMLAnchorElement>("a[data-jpeg]")];
  if (!range || !place) return;
  range.closest("[hidden]")?.removeAttribute("hidden");
  let layers: HTMLPictureElement[] = [];
  const show = (): void => {
    if (!layers.length) {
      layers = links.map(layer);
      place.append(...layers);
    }
    const at = Number(range.value) / 100;
    layers.forEach((picture, index) => {
      const seen = index === 0 ? 1 : Math.max(0, Math.min(1, at - index + 1));
      const covered = at >= index + 1;
      picture.style.opacity = String(seen);
      picture.hidden = seen === 0 || covered;
    });
    const [before, after] = [links[Math.floor(at)], links[Math.ceil(at)]];
    const names = before === after ? [before] : [before, after];
    range.setAttribute("aria-valuetext", names.map((link) => link?.innerText ?? "").join(" – "));
    links.forEach((link) => (names.includes(link) ? link.setAttribute("aria-current", "date") : link.removeAttribute("aria-current")));
  };
  range.addEventListener("input", show);
  place.hidden = false;
  const nearby = new IntersectionObserver((seen) => {
    if (!seen.some((entry) => entry.isIntersecting)) return;
    nearby.disconnect();
    if (!layers.length) show();
  });
  nearby.observe(place);
}

for (const box of document.querySelectorAll<HTMLElement>("[data-epochs=photo]")) blending(box);
