/** Search in a copy without a server: every word must be found, with or without diacritics, in one small file. */

type Row = [address: string, title: string, language: string, kind: string, folded: string];

/** The folding of archive/records/folding.py: Latin marks go, đ becomes d, Thai and Khmer keep theirs. */
const fold = (text: string): string => text.replace(/[đĐ]/g, "d").normalize("NFD").replace(/[\u0300-\u036f]+/g, "").normalize("NFC").toLowerCase();

function result([address, title, language, kind]: Row, here: URL): HTMLLIElement {
  const [row, link, small] = [document.createElement("li"), document.createElement("a"), document.createElement("p")];
  row.className = "result";
  small.className = "crumbs";
  small.textContent = kind;
  link.href = new URL(address, here).href;
  link.textContent = title;
  if (language !== document.documentElement.lang) link.lang = language;
  const [words, heading] = [document.createElement("div"), document.createElement("h2")];
  heading.append(link);
  words.append(small, heading);
  row.append(words);
  return row;
}

async function search(place: HTMLElement): Promise<void> {
  const asked = (new URLSearchParams(location.search).get("q") ?? "").trim();
  place.replaceChildren();
  if (!asked) return;
  const box = document.querySelector<HTMLInputElement>("main input[type=search]");
  if (box) box.value = asked;
  const words = JSON.parse(place.dataset["words"] ?? "{}") as Record<string, string>;
  const here = new URL(place.dataset["search"] ?? "", document.baseURI);
  const rows = (await (await fetch(here)).json()) as Row[];
  const terms = fold(asked).split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => terms.every((term) => row[4].includes(term)));
  found.sort((one, other) => Number(fold(other[1]).includes(terms[0] ?? "")) - Number(fold(one[1]).includes(terms[0] ?? "")));
  const tally = document.createElement("p");
  tally.className = "tally-line";
  tally.setAttribute("role", "status");
  const count = new Intl.NumberFormat(document.documentElement.lang).format(found.length);
  tally.textContent = found.length ? (words[found.length === 1 ? "one" : "other"] ?? "").replace("{count}", count) : (words["nothing"] ?? "").replace("{words}", asked);
  const list = document.createElement("ol");
  list.className = "results";
  list.append(...found.slice(0, 60).map((row) => result(row, here)));
  place.append(tally, list);
}

const found = document.querySelector<HTMLElement>("[data-search]");
if (found) void search(found);

export {};
