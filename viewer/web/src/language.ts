/**
 * Remembers on this device which language a visitor chose, and gives it to whoever comes in by an address without one.
 *
 * Such addresses (the bare one, a sign's) lead on with `#hello`: only there a page may be left for the chosen language.
 */
const KEY = "ditich-language";
const HELLO = "#hello";

const links = document.querySelectorAll<HTMLAnchorElement>(".languages a");
try {
  for (const link of links) link.addEventListener("click", () => localStorage.setItem(KEY, link.hreflang));
  if (location.hash === HELLO) {
    const chosen = localStorage.getItem(KEY);
    const other = [...links].find((link) => link.hreflang === chosen && chosen !== document.documentElement.lang);
    if (other) location.replace(other.href);
    else history.replaceState(null, "", location.pathname + location.search);
  }
} catch {
  // storage is forbidden here: nothing is remembered
}

export {};
