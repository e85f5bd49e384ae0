// Where the keyboard stands: its name, whether one sees it, whether something covers it, whether it came in document order.
window.keys = {
  stand: () => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const shown = e.matches('.choice input') ? e.nextElementSibling : e, style = getComputedStyle(shown);
    const box = shown.getBoundingClientRect();
    const at = [.1, .3, .5, .7, .9], points = at.flatMap(x => at.map(y => [box.left + box.width * x, box.top + box.height * y]));
    const hit = ([x, y]) => { const at = document.elementFromPoint(x, y); return at && (shown.contains(at) || at.contains(shown) && at.matches('label, li, h3, .site-card') || e.closest('label')?.contains(at)) };
    const before = window.keysLast, follows = !before || !before.isConnected || !!(before.compareDocumentPosition(e) & 4) || before === e || e.matches('.skip');
    window.keysLast = e;
    const label = e.labels?.[0] ?? (e.getAttribute('aria-labelledby') ? document.getElementById(e.getAttribute('aria-labelledby')) : null);
    // a second stop on a player stands on its own buttons, which the browser outlines itself
    return {
      name: (e.getAttribute('aria-label') ?? (e.textContent.trim() || label?.textContent) ?? '').trim().replace(/\s+/g, ' '),
      tag: e.tagName.toLowerCase(),
      ring: before === e && e.matches('audio, video') || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      free: points.some(hit),
      follows,
    };
  },
};
