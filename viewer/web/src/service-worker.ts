/**
 * Answers from what a visitor has kept, and from nothing else: it never keeps anything by itself.
 *
 * Before it uses a kept tour it asks, where there is a network, which edition is current, and deletes every other one: what was withdrawn
 * is gone with the next request.
 */

import type { KeepList, KeptName } from "./kept";

// as in kept.ts: a worker that imports would have to be a module, which not every browser takes
const nameOf = ({ slug, language, edition }: KeptName): string => `ditich/${slug}/${language}/${edition}`;
function partsOf(name: string): KeptName | null {
  const [mark, slug, language, edition] = name.split("/");
  return mark === "ditich" && slug && language && edition ? { slug, language, edition } : null;
}

interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, listener: (event: Event & { request: Request; respondWith(answer: Promise<Response>): void; waitUntil(work: Promise<unknown>): void }) => void): void;
}
const self = globalThis as unknown as Worker;

/** Milliseconds that an answer about the current edition holds for the pictures of a page; every page asks anew. */
const HOLDS = 5000;
const PATIENCE = 3000;
const asked = new Map<string, { when: number; current: Promise<string | null> }>();

self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(self.registration.scope)) event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const kept = (await caches.keys()).map(partsOf).filter((parts) => parts !== null);
  for (const tour of kept) {
    const found = await (await caches.open(nameOf(tour))).match(request, { ignoreVary: true });
    if (found && (await isCurrent(tour, request.mode === "navigate"))) return part(request, found);
  }
  try {
    return await fetch(request);
  } catch (error) {
    if (request.mode === "navigate") return notKept(request, kept, error);
    throw error;
  }
}

/** Whether that edition may still be shown. Without a network nobody can tell, and it may. */
async function isCurrent(tour: KeptName, anew: boolean): Promise<boolean> {
  const known = asked.get(tour.slug);
  if (!known || anew || Date.now() - known.when > HOLDS) asked.set(tour.slug, { when: Date.now(), current: current(tour.slug) });
  const edition = await asked.get(tour.slug)?.current;
  if (edition === null || edition === tour.edition) return true;
  await caches.delete(nameOf(tour));
  return false;
}

/** The edition that is public now; "" where the site is not public any more; null where nobody answers. */
async function current(slug: string): Promise<string | null> {
  try {
    const address = new URL(`offline/${slug}.json`, self.registration.scope);
    const answer = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return ((await answer.json()) as { edition: string }).edition;
    return answer.status === 404 || answer.status === 410 ? "" : null;
  } catch {
    return null;
  }
}

/** Players ask for parts of a recording (RFC 9110, section 14). */
async function part(request: Request, whole: Response): Promise<Response> {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!asked) return whole;
  const bytes = await whole.blob();
  const [first, last] = [Number(asked[1]), Math.min(bytes.size - 1, asked[2] ? Number(asked[2]) : bytes.size - 1)];
  const headers = { "content-type": whole.headers.get("content-type") ?? "", "content-range": `bytes ${first}-${last}/${bytes.size}` };
  return new Response(bytes.slice(first, last + 1), { status: 206, headers });
}

/** A page that was not kept, without a network: says so in the visitor's language, and leads back to what is there. */
async function notKept(request: Request, kept: KeptName[], error: unknown): Promise<Response> {
  const lists = (await Promise.all(kept.map(listOf))).filter((list) => list !== null);
  const [language = ""] = request.url.slice(self.registration.scope.length).split(/[/?#]/);
  const list = lists.find((one) => one.language === language) ?? lists[0];
  if (!list) throw error;
  return page(request, language in list.missing ? language : list.language, lists, list);
}

async function listOf(tour: KeptName): Promise<KeepList | null> {
  const cache = await caches.open(nameOf(tour));
  const key = (await cache.keys()).find((one) => one.url.endsWith("/offline.json"));
  return key ? (((await (await cache.match(key))?.json()) as KeepList | undefined) ?? null) : null;
}

function page(request: Request, language: string, lists: KeepList[], { files, missing }: KeepList): Response {
  const [title = "", words = "", again = ""] = missing[language] ?? [];
  const safe = (text: string): string => text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const to = (address: string): string => safe(new URL(address, self.registration.scope).href);
  const sheet = files.find(([address]) => address.includes("/style.css"))?.[0] ?? "";
  const tours = lists.map(({ home, name, spoken, language: own }) => `<li lang="${own}"><a class="more" href="${to(home)}">${safe(name)} <span class="quiet">${safe(spoken)}</span></a></li>`);
  const html = `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${safe(title)} – Ditich</title><link rel="stylesheet" href="${to(sheet)}"></head><body class="noticed"><header class="top"><span class="brand">Ditich</span></header><main id="content"><div class="page narrow tombstone"><h1>${safe(title)}</h1><p class="lead">${safe(words)}</p><ul class="plain-ways">${tours.join("")}</ul><p class="go"><a class="button" href="${safe(request.url)}">${safe(again)}</a></p></div></main></body></html>`;
  const policy = `default-src 'none'; style-src ${new URL(self.registration.scope).origin}`;
  return new Response(html, { status: 503, headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy } });
}
