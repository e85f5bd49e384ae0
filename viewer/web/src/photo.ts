/** The photo page: a plain picture until somebody wants to look closely; then OpenSeadragon over the IIIF service. */

import "./compare";
import "./record";
import { fullScreen } from "./fullscreen";
import { Notes, type Pin } from "./notes";

/** Shares of the picture from its upper left: x, y, width, height; a place has no width. */
interface Region extends Pin {
  region: [number, number, number, number];
}
/** Share of the picture shown around a place. */
const AROUND = 0.2;
type Words = Record<string, string>;

const stage = document.querySelector<HTMLElement>("[data-zoom]");
const button = stage?.querySelector<HTMLButtonElement>("[data-open]");

class Photo {
  private deep: typeof import("./deep-zoom") | null = null;
  private viewer: OpenSeadragon.Viewer | null = null;
  private opening: Promise<void> | null = null;
  private readonly notes: Notes<Region> | null = null;
  private readonly frames = new Map<string, HTMLElement>();
  private readonly still: HTMLImageElement;

  constructor(private readonly stage: HTMLElement, words: Words) {
    this.still = stage.querySelector<HTMLImageElement>(".stage-still img")!;
    const regions = JSON.parse(stage.dataset["pins"] ?? "[]") as Region[];
    if (regions.length) {
      this.notes = new Notes(stage, regions, words, (pin) => void this.show(pin));
      for (const { id, region } of regions) if (region[2] > 0 && region[3] > 0) this.frames.set(id, this.framed());
      new ResizeObserver(() => this.place()).observe(stage);
      this.still.addEventListener("load", () => this.place());
      this.place();
    }
    this.followAddress();
  }

  /** Load the deep zoom, once. Resolves when it is on the screen. */
  open(): Promise<void> {
    this.opening ??= this.load();
    return this.opening;
  }

  private async load(): Promise<void> {
    this.deep = await import("./deep-zoom");
    const place = document.createElement("div");
    place.className = "deep";
    this.stage.querySelector(".stage-still")?.after(place);
    const viewer = await this.deep.deepZoom(place, this.stage.dataset["zoom"] ?? "").catch((error: unknown) => {
      place.remove();
      this.opening = null;
      throw error;
    });
    this.viewer = viewer;
    viewer.canvas.setAttribute("role", "application");
    viewer.canvas.setAttribute("aria-label", this.still.alt);
    this.stage.classList.add("live");
    this.stage.dataset["ready"] = "true";
    for (const event of ["update-viewport", "resize"] as const) viewer.addHandler(event, () => this.place());
    connect(this.stage, viewer);
    this.place();
  }

  /** A region of the picture as large as the stage bears; the picture around a place. */
  async show({ region: [x, y, width, height] }: Region): Promise<void> {
    await this.open();
    if (!this.viewer || !this.deep) return;
    const around = width > 0 ? 0.15 * width : AROUND / 2;
    this.deep.showPart(this.viewer, [x - around, y - around, width + 2 * around, height + 2 * around]);
  }

  /** "#xywh=percent:x,y,w,h" of Media Fragments URI 1.0 (4.2.2) leads to a region; whoever follows such a link has asked to see it. */
  private followAddress(): void {
    const look = (): void => {
      const numbers = /^#xywh=percent:([\d.,]+)$/.exec(decodeURIComponent(location.hash))?.[1]?.split(",").map((value) => Number(value) / 100) ?? [];
      if (numbers.length !== 4 || !numbers.every((share) => share >= 0 && share <= 1)) return;
      void this.show({ id: "", number: 0, label: "", region: numbers as Region["region"] });
    };
    look();
    window.addEventListener("hashchange", look);
  }

  private framed(): HTMLElement {
    const frame = document.createElement("span");
    frame.className = "pin-region";
    this.notes?.layer.before(frame);
    return frame;
  }

  private place(): void {
    for (const pin of this.notes?.pins ?? []) {
      const [x, y, width, height] = pin.region;
      const [from, to] = [this.onStage(x, y), this.onStage(x + width, y + height)];
      const at = { x: (from.x + to.x) / 2, y: width > 0 ? from.y : (from.y + to.y) / 2 };
      const isInside = at.x >= 0 && at.y >= 0 && at.x <= this.stage.clientWidth && at.y <= this.stage.clientHeight;
      this.notes?.place(pin, isInside ? at : null);
      const frame = this.frames.get(pin.id);
      if (!frame) continue;
      frame.style.transform = `translate(${from.x}px, ${from.y}px)`;
      frame.style.width = `${to.x - from.x}px`;
      frame.style.height = `${to.y - from.y}px`;
    }
  }

  /** Where a share of the picture stands on the stage, in pixels. */
  private onStage(x: number, y: number): { x: number; y: number } {
    if (this.viewer && this.deep) return this.deep.placeOf(this.viewer, x, y);
    // the still keeps its shape inside its box (object-fit: contain)
    const box = this.still.getBoundingClientRect();
    const origin = this.stage.getBoundingClientRect();
    const [width, height] = [this.still.naturalWidth || this.still.width, this.still.naturalHeight || this.still.height];
    const scale = Math.min(box.width / width, box.height / height);
    const [left, top] = [(box.width - width * scale) / 2, (box.height - height * scale) / 2];
    return { x: box.left - origin.left + left + x * width * scale, y: box.top - origin.top + top + y * height * scale };
  }
}

function connect(stage: HTMLElement, viewer: OpenSeadragon.Viewer): void {
  const controls = stage.querySelector<HTMLElement>(".controls");
  controls?.removeAttribute("hidden");
  fullScreen(stage);
  controls?.addEventListener("click", (event) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"] ?? "";
    const { viewport } = viewer;
    const step = viewport.getBounds().width * 0.2;
    const centre = viewport.getCenter();
    const moves: Record<string, [number, number]> = { left: [-step, 0], right: [step, 0], up: [0, -step], down: [0, step] };
    const move = moves[name];
    if (move) viewport.panTo(shifted(centre, move));
    else if (name === "in") viewport.zoomBy(1.5);
    else if (name === "out") viewport.zoomBy(1 / 1.5);
    else if (name === "home") viewport.goHome();
    viewport.applyConstraints();
  });
}

function shifted(centre: OpenSeadragon.Point, move: [number, number]): OpenSeadragon.Point {
  const point = centre.clone();
  point.x += move[0];
  point.y += move[1];
  return point;
}

if (stage && button) {
  const words = JSON.parse(stage.dataset["words"] ?? "{}") as Words;
  const tap = stage.querySelector<HTMLElement>(".tap");
  const live = stage.querySelector("[data-live]");
  const say = (sentence: string): void => {
    if (live) live.textContent = sentence;
  };
  tap?.removeAttribute("hidden");
  const photo = new Photo(stage, words);
  button.addEventListener("click", () => {
    button.disabled = true;
    photo.open().then(
      () => {
        stage.querySelector<HTMLElement>(".deep .openseadragon-canvas")?.focus();
        say(words["zoomed"] ?? "");
        window.setTimeout(() => say(""), 4000);
      },
      () => {
        button.disabled = false;
        say(words["failed"] ?? "");
      },
    );
  });
}
