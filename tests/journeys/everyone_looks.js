// What a person sees who looks at a page closely: things beyond the edge or cut off, controls that overlap, small targets, words in another language.
window.looks = {
  spills: () => {
  const wide = document.documentElement.clientWidth, found = [];
  const name = e => e.tagName.toLowerCase() + (e.className.baseVal ?? e.className ? '.' + (e.className.baseVal ?? e.className) : '') + ' “' + (e.textContent ?? '').trim().slice(0, 40) + '”';
  const seen = e => e.checkVisibility({opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true}) && !e.closest('.sr, .skip, [hidden]');
  const cut = e => { const s = getComputedStyle(e); return s.clipPath !== 'none' && s.position === 'absolute' };
  const scrolls = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) { const o = getComputedStyle(p).overflowX; if (o !== 'visible') return p } return null };
  if (document.scrollingElement.scrollWidth > wide + 1) found.push('the page is ' + document.scrollingElement.scrollWidth + ' wide, the window ' + wide + ', by ' + [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > wide + 1).slice(0, 3).map(name));
  for (const e of document.querySelectorAll('body *')) {
    if (!seen(e) || cut(e) || e.closest('svg.plan, .pins')) continue;
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    if (!words && !e.matches('a, button, input, select, summary, audio, video')) continue;
    const box = e.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const holder = scrolls(e);
    if (!e.closest('.stage.live .ways') && !holder?.matches('.sr') && !(holder && cut(holder))) {
      if (box.right > wide + 1 || box.left < -1) found.push('beyond the edge: ' + name(e));
      if (holder) { const h = holder.getBoundingClientRect(), o = getComputedStyle(holder); if (o.overflowX !== 'auto' && o.overflowX !== 'scroll' && (box.right > h.right + 2 || box.bottom > h.bottom + 2 || box.left < h.left - 2 || box.top < h.top - 2)) found.push('cut off by ' + name(holder).slice(0, 40) + ': ' + name(e)) }
    }
    const own = getComputedStyle(e);
    if (words && !e.matches('input') && own.overflowX !== 'visible' && !/auto|scroll/.test(own.overflowX) && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 4)) found.push('cut inside: ' + name(e));
    if (own.textOverflow === 'ellipsis') found.push('shortened: ' + name(e));
  }
  return [...new Set(found)];
},
  overlaps: () => {
  const found = [], controls = [...document.querySelectorAll('a, button, input, summary, h1, h2, h3, p, dt, dd')].filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest('.sr, .skip, [aria-hidden=true], svg, .stage.live .ways, .pins, .choice, [inert]') && !(e.matches('p') && e.parentElement.closest('dd')));
  const name = e => e.tagName.toLowerCase() + '.' + e.className + ' “' + (e.getAttribute('aria-label') ?? e.textContent).trim().slice(0, 40) + '”';
  const leaf = e => e.matches('a, button, input, summary') || ![...e.children].some(c => controls.includes(c));
  const cut = e => { for (; e && e !== document.body; e = e.parentElement) { const s = getComputedStyle(e); if (s.clipPath !== 'none' && s.position === 'absolute') return true } return false };
  const words = e => { const rects = [], walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT); for (let n; n = walker.nextNode();) { if (!n.data.trim() || cut(n.parentElement)) continue; const range = document.createRange(); range.selectNodeContents(n); rects.push(...range.getClientRects()) } return rects };
  const boxes = controls.filter(leaf).flatMap(e => (e.matches('input, button') ? [e.getBoundingClientRect()] : words(e)).filter(b => b.width > 2 && b.height > 2).map(b => [e, b]));
  for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
    const [a, p] = boxes[i], [b, q] = boxes[j];
    if (a === b || a.contains(b) || b.contains(a)) continue;
    const x = Math.min(p.right, q.right) - Math.max(p.left, q.left), y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
    if (x > 3 && y > 6) found.push(name(a) + ' and ' + name(b));
  }
  return [...new Set(found)];
},
  targets: () => [...document.querySelectorAll('button, input, summary, [role=button], nav a, .button, .chip, .way, .pin')].filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest('.skip, .sr, .choice') && !e.matches('[type=checkbox], [readonly]')).map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width && (b.width < 43.5 || b.height < 43.5)).map(([e, b]) => e.tagName + '.' + e.className + ' ' + Math.round(b.width) + 'x' + Math.round(b.height) + ' “' + e.textContent.trim().slice(0, 30) + '”'),
  foreign: () => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const thai = /[\u0e01-\u0e5b]/, viet = /[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]/, han = /[\u4e00-\u9fff]/;
  const wrong = (text, lang) => thai.test(text) && lang !== 'th' || viet.test(text) && lang !== 'vi' || han.test(text) && !/^(zh|vi|ja)/.test(lang);
  const lang = e => e.closest('[lang]')?.lang ?? '';
  for (let n; n = walker.nextNode();) { const e = n.parentElement; if (!e.closest('script, style, code, .file-name') && wrong(n.data, lang(e))) found.push(lang(e) + ': ' + n.data.trim().slice(0, 60)) }
  for (const e of document.body.querySelectorAll('[alt], [aria-label], [placeholder], [title]')) for (const key of ['alt', 'aria-label', 'placeholder', 'title']) { const v = e.getAttribute(key); if (v && wrong(v, lang(e)) && !/\((in [A-Z][a-z]+|bằng tiếng [^)]+|ภาษา[^)]+)\)/.test(v)) found.push(lang(e) + ' @' + key + ': ' + v.slice(0, 60)) }
  return found;
},
  edged: () => [...document.querySelectorAll('main :is(button, .button, .chip, .way, summary.way), .languages a[aria-current]')]
  .filter(e => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest('.find, .turn-slider, .panel, .controls'))
  .filter(e => { const s = getComputedStyle(e);
    return !(parseFloat(s.borderTopWidth) >= 1 && s.borderTopStyle !== 'none') && s.outlineStyle === 'none' && s.backgroundColor === getComputedStyle(document.body).backgroundColor })
  .map(e => e.outerHTML.slice(0, 90)),
  running: () => document.getAnimations().filter(each => each.playState === 'running').map(each => each.animationName ?? each.transitionProperty),
};
