/** Keeps the page's own links and buttons at their places over the view: on the screen, apart from each other, in reach of the keyboard. */

import { type View, direction, projected } from "./angles";

/** Pixels that hotspots keep from the edges of the stage (top, sides, bottom where the buttons are) and from each other. */
const MARGIN = { top: 8, side: 8, bottom: 64 };
const GAP = 6;
/** Share of the half screen around its middle where the sight that is nearest to it unfolds its name. */
const NEAR = 0.5;

/** A hotspot; its direction is NaN where that is not known. */
interface Spot {
  element: HTMLElement;
  yaw: number;
  pitch: number;
}

interface Box {
  x: number;
  y: number;
  wide: number;
  high: number;
}

export class Hotspots {
  /** Ways to other scenes, in document order, those whose direction is not known among them. */
  readonly ways: HTMLAnchorElement[];
  private readonly spots: Spot[];
  private readonly fixed: HTMLElement[];
  private readonly sizes = new Map<HTMLElement, [number, number]>();

  constructor(stage: HTMLElement, bring: (yaw: number, pitch: number) => void) {
    this.ways = [...stage.querySelectorAll<HTMLAnchorElement>("a.way:not(.sight)")];
    this.fixed = [...stage.querySelectorAll<HTMLElement>(".stage-badge, .stage-compass, .modes")];
    this.spots = [...stage.querySelectorAll<HTMLElement>(".way")].map((element) => ({
      element,
      yaw: Number(element.dataset["yaw"]),
      pitch: Number(element.dataset["pitch"]),
    }));
    // first those that point nowhere: they keep their corner, and the others keep off it
    this.spots.sort((one, other) => Number(Number.isNaN(other.yaw)) - Number(Number.isNaN(one.yaw)));
    for (const { element, yaw, pitch } of this.spots) {
      if (Number.isNaN(yaw)) continue;
      // what takes the keyboard's focus is brought into view at once; a mouse that presses it leaves the view alone
      element.addEventListener("focus", () => element.matches(":focus-visible") && bring(yaw, pitch));
    }
    panels(stage);
    void document.fonts.ready.then(() => this.sizes.clear());
  }

  /** Forget how large the hotspots were: the stage has another shape. */
  measure(): void {
    this.sizes.clear();
  }

  place(view: View, width: number, height: number): void {
    const taken = this.corners();
    const named = this.middlemost(view, width / height);
    for (const spot of this.spots) {
      const box = Number.isNaN(spot.yaw) ? this.cornered(spot, height) : this.pointed(spot, named, view, width, height);
      if (!box) continue;
      clamp(box, width, height);
      const apart = spread(box, taken, height);
      // a sight without room waits until the view turns; the keyboard reaches it all the same
      if (!apart && spot.element.classList.contains("sight")) {
        spot.element.classList.add("beyond");
        continue;
      }
      taken.push(box);
      spot.element.style.transform = `translate(${box.x.toFixed(1)}px, ${box.y.toFixed(1)}px)`;
    }
  }

  /** The one sight that unfolds its name: names of several would lie over what they name. */
  private middlemost(view: View, shape: number): HTMLElement | undefined {
    let [nearest, least]: [HTMLElement | undefined, number] = [undefined, NEAR];
    for (const { element, yaw, pitch } of this.spots) {
      if (Number.isNaN(yaw) || !element.classList.contains("sight")) continue;
      const at = projected(view, shape, direction(yaw, pitch));
      const away = at.ahead ? Math.hypot(at.x, at.y) : Infinity;
      if (away < least) [nearest, least] = [element, away];
    }
    return nearest;
  }

  /** What stands in the corners of the stage: hotspots keep off it. */
  private corners(): Box[] {
    return this.fixed.filter((element) => element.offsetWidth).map((element) => ({ x: element.offsetLeft, y: element.offsetTop, wide: element.offsetWidth, high: element.offsetHeight }));
  }

  /** Where a way stands whose direction nobody knows: in a corner, pointing at nothing. */
  private cornered({ element }: Spot, height: number): Box {
    const [wide, high] = this.size(element);
    return { x: 0, y: height, wide, high };
  }

  /** Where a direction lies on the screen; null where it does not. */
  private pointed({ element, yaw, pitch }: Spot, named: HTMLElement | undefined, view: View, width: number, height: number): Box | null {
    const at = projected(view, width / height, direction(yaw, pitch));
    const seen = at.ahead && Math.abs(at.x) < 1.02 && Math.abs(at.y) < 1.02;
    const near = element === named;
    element.classList.toggle("beyond", !seen);
    if (element.classList.contains("near") !== near) {
      element.classList.toggle("near", near);
      this.sizes.delete(element);
    }
    if (!seen) return null;
    const [wide, high] = this.size(element);
    return { x: ((at.x + 1) / 2) * width - wide / 2, y: ((1 - at.y) / 2) * height - high / 2, wide, high };
  }

  private size(element: HTMLElement): [number, number] {
    const known = this.sizes.get(element) ?? [element.offsetWidth, element.offsetHeight];
    this.sizes.set(element, known);
    return known;
  }
}

function clamp(box: Box, width: number, height: number): void {
  box.x = Math.max(MARGIN.side, Math.min(width - box.wide - MARGIN.side, box.x));
  box.y = Math.max(MARGIN.top, Math.min(height - box.high - MARGIN.bottom, box.y));
}

/** Move a box up or down until it lies over none of those before it, whichever is nearer; where there is no room it stays, and the answer is no. */
function spread(box: Box, taken: readonly Box[], height: number): boolean {
  const hit = (y: number): Box | undefined =>
    taken.find((other) => box.x < other.x + other.wide + GAP && other.x < box.x + box.wide + GAP && y < other.y + other.high + GAP && other.y < y + box.high + GAP);
  const free = (step: (other: Box) => number): number => {
    let y = box.y;
    for (let other = hit(y), tries = 0; other; other = hit(y)) {
      y = step(other);
      if (++tries > taken.length || y < MARGIN.top || y + box.high > height - MARGIN.bottom) return Infinity;
    }
    return y;
  };
  const places = [free((other) => other.y - box.high - GAP), free((other) => other.y + other.high + GAP)];
  const nearest = places.sort((one, other) => Math.abs(one - box.y) - Math.abs(other - box.y))[0] ?? Infinity;
  if (!Number.isFinite(nearest)) return false;
  box.y = nearest;
  return true;
}

/** Words and recordings open in a panel: one at a time, closed by its button, by Escape, or by going on with the keyboard. */
function panels(stage: HTMLElement): void {
  const all = [...stage.querySelectorAll<HTMLDetailsElement>(".ways details")];
  const close = (panel: HTMLDetailsElement): void => {
    panel.open = false;
    panel.querySelector("summary")?.focus({ preventScroll: true });
  };
  for (const panel of all) {
    const button = panel.querySelector<HTMLElement>("[data-close]");
    button?.removeAttribute("hidden");
    button?.addEventListener("click", () => close(panel));
    panel.addEventListener("toggle", () => {
      const sound = panel.querySelector("audio");
      // asked for by this very press; a browser that refuses still shows the controls
      if (panel.open) void sound?.play().catch(() => undefined);
      else sound?.pause();
    });
  }
  if (!all.length) return;
  stage.addEventListener("keydown", (event) => {
    const open = all.find((panel) => panel.open);
    if (event.key !== "Escape" || !open) return;
    event.stopPropagation();
    event.preventDefault();
    close(open);
  });
  stage.addEventListener("focusin", (event) => {
    for (const panel of all) if (panel.open && !panel.contains(event.target as Node)) panel.open = false;
  });
}
