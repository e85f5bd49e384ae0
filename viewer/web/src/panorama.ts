/** The panorama on a page: takes over from the still picture, keeps the page's own links in place over the view. */

import { type View, apart, bounded, direction, focal, projected } from "./angles";
import { fullScreen } from "./fullscreen";
import { type Movable, listen } from "./gestures";
import { Sphere, type Piece } from "./sphere";
import { type Source, Tiles, fetchPicture } from "./tiles";

interface Config extends Source {
  heading: number | null;
  view: [number, number, number];
}

const COMPASS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"] as const;
const SIDES = ["ahead_yaw", "right_yaw", "behind_yaw", "left_yaw"] as const;
const AHEAD = 40;
const SETTLED = 500;
const SHARPEST = 2;

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Panorama implements Movable {
  private readonly canvas = document.createElement("canvas");
  private readonly ways: HTMLAnchorElement[];
  private readonly first: View;
  private view: View;
  private sphere: Sphere | null = null;
  private tiles: Tiles | null = null;
  private base: Piece | null = null;
  private gl: WebGL2RenderingContext | null = null;
  private drift: [number, number] = [0, 0];
  private asked = 0;
  private lastFrame = 0;
  private settling = 0;

  constructor(
    private readonly stage: HTMLElement,
    private readonly config: Config,
    private readonly words: Record<string, string>,
  ) {
    this.ways = [...stage.querySelectorAll<HTMLAnchorElement>(".way")];
    const [yaw, pitch, fov] = config.view;
    this.first = bounded({ yaw, pitch, fov });
    this.view = fromHash(this.first);
    this.canvas.className = "sphere";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", words["canvas"] ?? "");
  }

  /** Show the panorama; false where the browser cannot, and the still picture stays. */
  async start(): Promise<boolean> {
    this.gl = this.canvas.getContext("webgl2", { antialias: false, alpha: false, depth: false, powerPreference: "low-power" });
    if (!this.gl) return false;
    try {
      await this.load();
    } catch {
      return false;
    }
    this.stage.querySelector(".stage-still")?.after(this.canvas);
    this.stage.classList.add("live");
    this.connect();
    this.draw();
    this.stage.dataset["ready"] = "true";
    return true;
  }

  turn(yaw: number, pitch: number): void {
    this.look({ ...this.view, yaw: this.view.yaw + yaw, pitch: this.view.pitch + pitch });
  }

  glide(yaw: number, pitch: number): void {
    if (still.matches) {
      this.drift = [0, 0];
      if (Math.abs(yaw) + Math.abs(pitch) >= 1) this.turn(yaw, pitch);
      return;
    }
    this.drift = yaw || pitch ? [this.drift[0] + yaw, this.drift[1] + pitch] : [0, 0];
    this.ask();
  }

  zoom(factor: number): void {
    this.look({ ...this.view, fov: this.view.fov * factor });
  }

  degreesPerPixel(): number {
    const aspect = this.canvas.width / this.canvas.height;
    return (2 / focal(this.view, aspect) / this.canvas.clientHeight) * (180 / Math.PI);
  }

  look(view: View): void {
    this.view = bounded(view);
    this.ask();
    window.clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.settled(), SETTLED);
  }

  private async load(): Promise<void> {
    const gl = this.gl;
    if (!gl) return;
    const picture = await firstPicture(this.config.first);
    this.sphere = new Sphere(gl);
    this.tiles?.close();
    this.tiles = new Tiles(this.config, this.sphere, gl, () => this.ask());
    this.base = { texture: this.sphere.texture(picture, true), patch: [0, 0, 1, 1] };
  }

  private connect(): void {
    const controls = this.stage.querySelector<HTMLElement>(".controls");
    controls?.removeAttribute("hidden");
    this.stage.querySelector(".stage-compass")?.removeAttribute("hidden");
    listen(this.canvas, controls, this);
    fullScreen(this.stage);
    new ResizeObserver(() => this.ask()).observe(this.canvas);
    window.addEventListener("hashchange", () => this.look(fromHash(this.view)));
    for (const way of this.ways) way.addEventListener("focus", () => this.bring(way));
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.base = null;
      this.say(this.words["lost"] ?? "");
    });
    this.canvas.addEventListener("webglcontextrestored", () => void this.load().then(() => this.ask()));
  }

  /** A link that takes the keyboard's focus is brought into view. A mouse that presses one leaves the view alone. */
  private bring(way: HTMLAnchorElement): void {
    if (!way.matches(":focus-visible")) return;
    this.drift = [0, 0];
    this.look({ ...this.view, yaw: Number(way.dataset["yaw"]), pitch: Number(way.dataset["pitch"]) });
  }

  private ask(): void {
    if (!this.asked) this.asked = requestAnimationFrame((time) => this.frame(time));
  }

  private frame(time: number): void {
    this.asked = 0;
    const passed = Math.min(50, time - this.lastFrame || 16);
    this.lastFrame = time;
    if (this.drift[0] || this.drift[1]) {
      const share = 1 - Math.exp(-passed / 110);
      const [yaw, pitch] = [this.drift[0] * share, this.drift[1] * share];
      this.drift = [this.drift[0] - yaw, this.drift[1] - pitch];
      if (Math.abs(this.drift[0]) + Math.abs(this.drift[1]) < 0.02) this.drift = [0, 0];
      this.turn(yaw, pitch);
    }
    this.draw();
  }

  private draw(): void {
    if (!this.sphere || !this.base || !this.tiles) return;
    const ratio = Math.min(window.devicePixelRatio, SHARPEST);
    const [width, height] = [Math.round(this.canvas.clientWidth * ratio), Math.round(this.canvas.clientHeight * ratio)];
    if (!width || !height) return;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    this.sphere.draw(this.view, [this.base, ...this.tiles.pieces(this.view)]);
    this.stage.dataset["missing"] = String(this.tiles.missing);
    this.place();
    this.point();
  }

  private place(): void {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    for (const way of this.ways) {
      const at = projected(this.view, width / height, direction(Number(way.dataset["yaw"]), Number(way.dataset["pitch"])));
      const seen = at.ahead && Math.abs(at.x) < 1.02 && Math.abs(at.y) < 1.02;
      way.classList.toggle("beyond", !seen);
      const x = Math.max(0, Math.min(width - way.offsetWidth, ((seen ? at.x : 0) + 1) * 0.5 * width - way.offsetWidth / 2));
      const y = Math.max(0, Math.min(height - way.offsetHeight, (1 - (seen ? at.y : 0)) * 0.5 * height - way.offsetHeight / 2));
      way.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }
  }

  private point(): void {
    const compass = this.stage.querySelector<HTMLElement>(".stage-compass");
    const heading = this.config.heading;
    if (!compass) return;
    compass.hidden = heading === null;
    if (heading === null) return;
    const bearing = (((heading + this.view.yaw) % 360) + 360) % 360;
    const needle = compass.querySelector<SVGElement>(".needle");
    if (needle) needle.style.transform = `rotate(${(-bearing).toFixed(1)}deg)`;
    const written = compass.querySelector(".bearing");
    if (written) written.textContent = `${Math.round(bearing) % 360}°`;
  }

  private settled(): void {
    const { yaw, pitch, fov } = this.view;
    history.replaceState(history.state, "", `#v=${yaw.toFixed(1)},${pitch.toFixed(1)},${fov.toFixed(0)}`);
    const exits = this.ways.filter((way) => apart(Number(way.dataset["yaw"]), yaw) < AHEAD).map((way) => way.innerText.trim().split("\n")[0]);
    const facing = (this.words["facing"] ?? "").replace("{direction}", this.words[this.side(yaw)] ?? "");
    const ahead = exits.length ? (this.words["ahead"] ?? "").replace("{exits}", exits.join(", ")) : (this.words["noExit"] ?? "");
    this.say(this.ways.length ? `${facing} ${ahead}` : facing);
  }

  private side(yaw: number): string {
    const { heading } = this.config;
    const turned = (angle: number, steps: number): number => ((Math.round(angle / (360 / steps)) % steps) + steps) % steps;
    return (heading === null ? SIDES[turned(yaw, 4)] : COMPASS[turned(heading + yaw, 8)]) ?? "";
  }

  private say(words: string): void {
    const live = this.stage.querySelector("[data-live]");
    if (live) live.textContent = words;
  }
}

/** The first of the pictures that this browser can decode. */
async function firstPicture(addresses: string[]): Promise<ImageBitmap> {
  for (const address of addresses.slice(0, -1)) {
    try {
      return await fetchPicture(address);
    } catch {
      continue;
    }
  }
  return fetchPicture(addresses.at(-1) ?? "");
}

/** `#v=yaw,pitch,fov`: a link to an exact view. */
function fromHash(otherwise: View): View {
  const numbers = /^#v=(-?[\d.]+),(-?[\d.]+),([\d.]+)$/.exec(location.hash)?.slice(1).map(Number);
  const [yaw, pitch, fov] = numbers ?? [];
  if (yaw === undefined || pitch === undefined || fov === undefined || ![yaw, pitch, fov].every(Number.isFinite)) return otherwise;
  return bounded({ yaw, pitch, fov });
}

const stage = document.querySelector<HTMLElement>("[data-panorama]");
if (stage) {
  const config = JSON.parse(stage.dataset["panorama"] ?? "{}") as Config;
  const words = JSON.parse(stage.dataset["words"] ?? "{}") as Record<string, string>;
  void new Panorama(stage, config, words).start();
}
