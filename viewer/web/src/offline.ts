/** The page on which a visitor keeps a tour: shows what is kept, fetches it, stops, removes. Nothing happens before a tap. */

import { type KeepList, nameOf, partsOf } from "./kept";
import "./language?offline";

const AT_ONCE = 6;

class Keeping {
  private stopped = false;
  private readonly words: Record<string, string>;
  private readonly root: URL;
  private readonly state: HTMLElement | null;
  private readonly bar: HTMLProgressElement | null;

  constructor(private readonly box: HTMLElement) {
    this.words = JSON.parse(this.of("words")) as Record<string, string>;
    this.root = new URL(this.of("root"), document.baseURI);
    this.state = box.querySelector("[data-state]");
    this.bar = box.querySelector("progress");
  }

  async start(): Promise<void> {
    this.box.querySelector("[data-without]")?.remove();
    this.on("keep", () => this.keep());
    this.on("stop", () => void (this.stopped = true));
    this.on("remove", () => this.remove());
    await this.look();
  }

  /** What lies on this device: all of this edition, a part, an older edition, nothing. */
  private async look(): Promise<void> {
    const mine = await this.caches();
    const current = mine.find((name) => name === this.name);
    const whole = current && (await (await caches.open(current)).match(this.list));
    this.say(whole ? "done" : current ? "part" : mine.length ? "old" : "");
    this.show("keep", !whole, current && !whole ? this.words["more"] : this.words["keep"]);
    this.show("remove", mine.length > 0);
    this.show("open", Boolean(whole));
    this.box.dataset["kept"] = whole ? "whole" : current ? "part" : "none";
  }

  private async keep(): Promise<void> {
    this.stopped = false;
    this.show("keep", false);
    this.show("remove", false);
    this.show("stop", true);
    try {
      await register(new URL(this.of("worker"), document.baseURI), this.root);
      await navigator.storage?.persist?.();
      const answer = await fetch(this.list, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const list = (await answer.clone().json()) as KeepList;
      const cache = await caches.open(nameOf(list));
      await this.fetchAll(cache, list);
      if (!this.stopped) {
        // last of all: where the list itself is kept, everything in it is
        await cache.put(this.list, answer);
        await this.forget((name) => name !== nameOf(list));
      }
      await this.look();
      if (this.stopped) this.say("stopped");
    } catch (error) {
      await this.look();
      this.say(error instanceof DOMException && error.name === "QuotaExceededError" ? "full" : "lost");
    } finally {
      this.show("stop", false);
      if (this.bar) this.bar.hidden = true;
    }
  }

  private async fetchAll(cache: Cache, list: KeepList): Promise<void> {
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    if (quota - usage < list.octets) throw new DOMException("", "QuotaExceededError");
    const files = list.files.filter(([address, , form]) => wanted(address, form, list));
    let done = 0;
    const next = files[Symbol.iterator]();
    const fetchSome = async (): Promise<void> => {
      for (const [address, octets] of next) {
        if (this.stopped) return;
        const url = new URL(address, this.root);
        if (!(await cache.match(url))) {
          const answer = await fetch(url, { cache: "no-cache" });
          if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
          await cache.put(url, answer);
        }
        this.progress((done += octets) / list.octets);
      }
    };
    // whoever fails ends the others, so that nothing is reported after the end
    const ends = Array.from({ length: AT_ONCE }, () => fetchSome().catch((error: unknown) => ((this.stopped = true), Promise.reject(error))));
    const failed = (await Promise.allSettled(ends)).find((end) => end.status === "rejected");
    if (failed) throw failed.reason;
  }

  private async remove(): Promise<void> {
    await this.forget(() => true);
    if (!(await caches.keys()).some(partsOf)) await (await navigator.serviceWorker.getRegistration(this.root))?.unregister();
    await this.look();
    this.say("removed");
  }

  private async forget(which: (name: string) => boolean): Promise<void> {
    await Promise.all((await this.caches()).filter(which).map((name) => caches.delete(name)));
  }

  private async caches(): Promise<string[]> {
    const { slug, language } = { slug: this.of("slug"), language: document.documentElement.lang };
    return (await caches.keys()).filter((name) => partsOf(name)?.slug === slug && partsOf(name)?.language === language);
  }

  private get name(): string {
    return nameOf({ slug: this.of("slug"), language: document.documentElement.lang, edition: this.of("edition") });
  }

  private get list(): URL {
    return new URL(this.of("keep"), document.baseURI);
  }

  private of(name: string): string {
    return this.box.dataset[name] ?? "";
  }

  private progress(part: number): void {
    if (!this.bar) return;
    this.bar.hidden = false;
    this.bar.value = Math.min(1, part);
    if (this.state) this.state.textContent = (this.words["on"] ?? "").replace("{percent}", String(Math.floor(Math.min(1, part) * 100)));
  }

  private say(key: string): void {
    if (this.state) this.state.textContent = this.words[key] ?? "";
  }

  private on(act: string, does: () => void): void {
    this.box.querySelector(`[data-act=${act}]`)?.addEventListener("click", does);
  }

  private show(act: string, visible: boolean, words?: string): void {
    const button = this.box.querySelector<HTMLElement>(`[data-act=${act}]`);
    if (!button) return;
    button.hidden = !visible;
    const label = button.querySelector("span");
    if (label && words) label.textContent = words;
  }
}

/** Of a picture in two forms only the one that this browser shows: the page's own picture tells which. */
function wanted(address: string, form: string, list: KeepList): boolean {
  if (!form) return true;
  const shows = [...document.images].some((image) => image.currentSrc.endsWith(".avif")) ? "avif" : "jpg";
  if (form === shows) return true;
  const twin = `${address.slice(0, address.lastIndexOf("."))}.${shows}`;
  return !list.files.some(([other]) => other === twin);
}

let policy: { createScriptURL(text: string): string } | undefined;

/** The address goes through a policy of its own: on these pages no plain text may become a script (Trusted Types). */
async function register(worker: URL, root: URL): Promise<void> {
  // a policy of that name may be made once only
  if (await navigator.serviceWorker.getRegistration(root)) return;
  const factory = (window as { trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(text: string): string } } }).trustedTypes;
  policy ??= factory?.createPolicy("ditich", { createScriptURL: (text: string) => (text === worker.href ? text : "") });
  await navigator.serviceWorker.register(policy?.createScriptURL(worker.href) ?? worker.href, { scope: root.pathname, updateViaCache: "none" });
}

const box = document.querySelector<HTMLElement>("[data-keep]");
if (box && "serviceWorker" in navigator && "caches" in window) void new Keeping(box).start();
