/** The panorama on a stage: one view of one sphere, moved by hands, keys, sensors and events, drawn only when something changes. */

import { type Extent, type View, bounded, focal, kept, rotation, spanned, wrapped } from "./angles";
import { fromHash, toHash } from "./deep-link";
import { Facing, type Words } from "./facing";
import type { Movable } from "./gestures";
import { Hotspots } from "./hotspots";
import { extentOf } from "./pyramid";
import { type Config, type Shown, inOrder, shownOf } from "./shown";
import { type Eye, Sphere } from "./sphere";
import { pixelRatio } from "./tiles";

export type { Config, Shown } from "./shown";

/** Milliseconds of rest after which the view is said and written into the address. */
const SETTLED = 700;
/** Milliseconds in which a soft movement does two thirds of its way. */
const SOFT = 120;
/** How much of a drag beyond what is known is followed. */
const ELASTIC = 0.3;
const AGAIN = 4000;

const still = window.matchMedia("(prefers-reduced-motion: reduce)");
export const reduced = (): boolean => still.matches;

export class Panorama implements Movable {
  readonly canvas = document.createElement("canvas");
  readonly hotspots: Hotspots;
  readonly gl: WebGL2RenderingContext | null;
  sphere: Sphere | null = null;
  shown: Shown | null = null;
  view: View;
  /** Somebody else draws (a VR session). */
  paused = false;
  private readonly facing: Facing;
  private extent: Extent;
  private drift: [number, number, number] = [0, 0, 0];
  private held = false;
  private leaving = false;
  private asked = 0;
  private lastFrame = 0;
  private settling = 0;
  private told = "";
  private wanted: Config | null = null;

  constructor(readonly stage: HTMLElement, private config: Config, readonly words: Words) {
    const [yaw, pitch, fov] = config.view;
    this.extent = extentOf(config);
    this.view = fromHash(bounded({ yaw, pitch, fov }));
    this.facing = new Facing(stage, words);
    this.hotspots = new Hotspots(stage, (way, up) => this.look({ ...this.view, yaw: way, pitch: up }));
    this.canvas.className = "sphere";
    this.canvas.tabIndex = 0;
    // not "img": a screen reader then passes the arrow keys on
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", words["canvas"] ?? "");
    this.gl = this.canvas.getContext("webgl2", { antialias: false, alpha: false, depth: false, powerPreference: "low-power" });
  }

  /** Load the first view and take over from the still; false where this browser cannot. A lost network is waited for. */
  async start(): Promise<boolean> {
    const { gl } = this;
    if (!gl || !this.config.first.length) return false;
    this.sphere = new Sphere(gl);
    for (;;) {
      try {
        this.shown = await this.open(this.config);
        break;
      } catch {
        await new Promise((resolve) => window.setTimeout(resolve, AGAIN));
      }
    }
    this.stage.querySelector(".stage-still")?.after(this.canvas);
    this.stage.classList.add("live");
    this.view = kept(this.view, this.extent, this.aspect);
    new ResizeObserver(() => {
      this.hotspots.measure();
      this.ask();
    }).observe(this.canvas);
    window.addEventListener("hashchange", () => this.fly(fromHash(this.view)));
    this.canvas.addEventListener("webglcontextlost", (event) => this.lose(event));
    this.canvas.addEventListener("webglcontextrestored", () => void this.restore());
    this.draw();
    this.stage.dataset["ready"] = "true";
    this.stage.dispatchEvent(new CustomEvent("ditich:ready"));
    return true;
  }

  /** A panorama with its first view at hand. */
  async open(config: Config): Promise<Shown> {
    const { gl, sphere } = this;
    if (!gl || !sphere) throw new Error("no sphere");
    return shownOf(config, this.best(config.first), sphere, gl, () => this.ask());
  }

  /** Addresses of the same picture, the one that this browser reads first. */
  best(addresses: readonly string[]): readonly string[] {
    return inOrder(addresses, this.stage.querySelector(".stage-still img"));
  }

  /** Show another panorama from here: the bearing stays where both know north. */
  async change(config: Config): Promise<void> {
    this.wanted = config;
    const next = await this.open(config);
    if (this.wanted !== config) return next.tiles.close();
    if (!reduced()) this.veil();
    const turn = this.config.heading === null || config.heading === null ? 0 : this.config.heading - config.heading;
    this.shown?.tiles.close();
    [this.shown, this.config, this.extent] = [next, config, extentOf(config)];
    this.look({ ...this.view, yaw: this.view.yaw + turn });
  }

  turn(yaw: number, pitch: number): void {
    const before = kept(this.view, this.extent, this.aspect);
    const next = bounded({ ...this.view, yaw: this.view.yaw + yaw, pitch: this.view.pitch + pitch });
    const edge = kept(next, this.extent, this.aspect);
    const soft = (was: number, over: number): number => (this.held ? (Math.abs(over) > Math.abs(was) ? was + (over - was) * ELASTIC : over) : 0);
    this.look({
      fov: next.fov,
      yaw: edge.yaw + soft(wrapped(this.view.yaw - before.yaw), wrapped(next.yaw - edge.yaw)),
      pitch: edge.pitch + soft(this.view.pitch - before.pitch, next.pitch - edge.pitch),
    });
  }

  glide(yaw = 0, pitch = 0, factor = 1): void {
    const log = Math.log(factor);
    if (reduced()) {
      this.drift = [0, 0, 0];
      if (Math.abs(yaw) + Math.abs(pitch) >= 1) this.turn(yaw, pitch);
      if (log) this.zoom(factor);
      return;
    }
    this.drift = yaw || pitch || log ? [this.drift[0] + yaw, this.drift[1] + pitch, this.drift[2] + log] : [0, 0, 0];
    this.ask();
  }

  zoom(factor: number, x = 0, y = 0): boolean {
    const [fov, scale] = [this.view.fov, this.degreesPerPixel()];
    this.look(kept({ ...this.view, fov: fov * factor }, this.extent, this.aspect));
    const change = scale - this.degreesPerPixel();
    if (x || y) this.turn(x * change, -y * change);
    return factor < 1 || this.view.fov !== fov;
  }

  hold(held: boolean): void {
    this.held = held;
    this.ask();
  }

  home(): void {
    const [yaw, pitch, fov] = this.config.view;
    this.fly({ yaw, pitch, fov });
  }

  north(): void {
    this.fly({ ...this.view, yaw: -(this.config.heading ?? 0) });
  }

  degreesPerPixel(): number {
    return (2 / focal(this.view, this.aspect) / this.canvas.clientHeight) * (180 / Math.PI);
  }

  /** Look there at once. */
  look(view: View): void {
    this.view = bounded(view);
    this.ask();
    window.clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.settled(), SETTLED);
  }

  /** Turn there; a cut under reduced motion. */
  fly(view: View): void {
    const goal = kept(bounded(view), this.extent, this.aspect);
    this.drift = [0, 0, 0];
    if (reduced()) this.look(goal);
    else this.glide(wrapped(goal.yaw - this.view.yaw), goal.pitch - this.view.pitch, goal.fov / this.view.fov);
  }

  leave(leaving: boolean): void {
    this.leaving = leaving;
    if (!leaving) this.look(fromHash(this.view));
  }

  ask(): void {
    if (!this.asked && !this.paused) this.asked = requestAnimationFrame((time) => this.frame(time));
  }

  say(sentence: string): void {
    this.facing.say(sentence);
  }

  bearing(): number | null {
    const { heading } = this.config;
    return heading === null ? null : (((heading + this.view.yaw) % 360) + 360) % 360;
  }

  private get aspect(): number {
    return this.canvas.clientWidth / this.canvas.clientHeight || 1;
  }

  private frame(time: number): void {
    this.asked = 0;
    const share = 1 - Math.exp(-Math.min(50, time - this.lastFrame || 16) / SOFT);
    this.lastFrame = time;
    const [yaw, pitch, log] = this.drift.map((left) => left * share) as [number, number, number];
    if (yaw || pitch || log) {
      this.drift = [this.drift[0] - yaw, this.drift[1] - pitch, this.drift[2] - log];
      const left = Math.abs(this.drift[0]) + Math.abs(this.drift[1]) + 50 * Math.abs(this.drift[2]);
      const last = left < 0.02 ? this.drift : ([0, 0, 0] as const);
      if (left < 0.02) this.drift = [0, 0, 0];
      if (log) this.look(kept({ ...this.view, fov: this.view.fov * Math.exp(log + last[2]) }, this.extent, this.aspect));
      this.turn(yaw + last[0], pitch + last[1]);
    } else if (!this.held) this.spring(share);
    this.draw();
  }

  /** What was dragged beyond the edge of the known goes back. */
  private spring(share: number): void {
    const { yaw, pitch, fov } = this.view;
    const edge = kept(this.view, this.extent, this.aspect);
    const beyond = Math.abs(wrapped(edge.yaw - yaw)) + Math.abs(edge.pitch - pitch) + Math.abs(edge.fov - fov);
    if (beyond < 1e-6) return;
    if (beyond < 0.05 || reduced()) return this.look(edge);
    this.look({ yaw: yaw + wrapped(edge.yaw - yaw) * share, pitch: pitch + (edge.pitch - pitch) * share, fov: fov + (edge.fov - fov) * share });
  }

  private draw(): void {
    const { canvas, shown, sphere, stage } = this;
    if (!sphere || !shown || this.paused) return;
    const ratio = pixelRatio();
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    sphere.clear();
    sphere.draw(eyeOf(this.view, width, height), shown.pieces(this.view, width, height));
    stage.dataset["missing"] = String(shown.tiles.missing);
    stage.dataset["held"] = String(shown.tiles.held);
    stage.dataset["frames"] = String(Number(stage.dataset["frames"] ?? 0) + 1);
    this.hotspots.place(this.view, canvas.clientWidth, canvas.clientHeight);
    this.facing.point(this.bearing());
    this.tell();
  }

  /** Let other parts of the page know where one looks. */
  private tell(): void {
    const detail = { ...this.view, bearing: this.bearing(), across: spanned(this.view, this.aspect) };
    const now = Object.values(detail).join();
    if (now !== this.told) this.stage.dispatchEvent(new CustomEvent("ditich:view", { detail }));
    this.told = now;
  }

  private settled(): void {
    if (this.leaving || this.paused) return;
    toHash(this.view);
    this.facing.tell(this.view.yaw, this.bearing(), this.hotspots.ways);
  }

  private lose(event: Event): void {
    event.preventDefault();
    this.shown?.tiles.close();
    [this.shown, this.sphere] = [null, null];
    this.stage.classList.add("lost");
    this.say(this.words["lost"] ?? "");
  }

  private async restore(): Promise<void> {
    if (!this.gl) return;
    this.sphere = new Sphere(this.gl);
    this.shown = await this.open(this.config);
    this.stage.classList.remove("lost");
    this.say("");
    this.ask();
  }

  /** The picture of now over the picture to come, fading. */
  private veil(): void {
    const { canvas } = this;
    const veil = document.createElement("canvas");
    [veil.width, veil.height, veil.className] = [canvas.width, canvas.height, "sphere veil"];
    this.draw();
    veil.getContext("2d")?.drawImage(canvas, 0, 0);
    canvas.after(veil);
    veil.addEventListener("animationend", () => veil.remove());
  }
}

export function eyeOf(view: View, width: number, height: number): Eye {
  const f = focal(view, width / height);
  return { rows: rotation(view), lens: [(f * height) / width, f, 0, 0], port: [0, 0, width, height] };
}
