/** Going to the next scene is a real navigation; here it is made ready when a visitor shows the wish, and begins with a step towards it. */

import type { View } from "./angles";

/** How much closer one comes while the next page is on its way. */
const STRIDE = 0.72;

interface Walker {
  readonly view: View;
  /** Addresses of the same picture, the one that this browser reads first. */
  best(addresses: readonly string[]): readonly string[];
  fly(view: View): void;
  /** While one is leaving, the view in the address stays that of the standpoint. */
  leave(leaving: boolean): void;
}

/** The page of an address, without running anything in it. */
export function pageAt(address: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response as Document) : reject(new Error(address)));
    request.onerror = () => reject(new Error(address));
    request.open("GET", address);
    request.send();
  });
}

export function depart(ways: readonly HTMLAnchorElement[], walker: Walker, reduced: () => boolean): void {
  const ready = new Set<string>();
  const prepare = (way: HTMLAnchorElement): void => {
    const address = way.href.split("#")[0] ?? "";
    const sparing = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
    if (sparing || ready.has(address) || !address.startsWith("http")) return;
    ready.add(address);
    void pageAt(address).then((page) => firstView(page, walker)).catch(() => ready.delete(address));
  };
  for (const way of ways) {
    for (const wish of ["pointerenter", "touchstart", "focus"]) way.addEventListener(wish, () => prepare(way), { passive: true });
    way.addEventListener("click", (event) => {
      if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      walker.leave(true);
      const { yaw, pitch } = way.dataset;
      if (!reduced() && yaw) walker.fly({ yaw: Number(yaw), pitch: Number(pitch) / 2, fov: walker.view.fov * STRIDE });
    });
  }
  // a page that comes back out of the browser's memory stands where it was
  window.addEventListener("pageshow", (event) => event.persisted && walker.leave(false));
}

async function firstView(page: Document, walker: Walker): Promise<void> {
  const stage = page.querySelector<HTMLElement>("[data-panorama]");
  const { first } = JSON.parse(stage?.dataset["panorama"] ?? "{}") as { first?: string[] };
  const [address] = walker.best(first ?? []);
  if (address) await (await fetch(address, { priority: "low" } as RequestInit)).blob();
}
