/** The walk in a headset (WebXR): the same sphere around both eyes, and the ways as signs that lead on inside the session. */

import type { Rows, Vector, View } from "./angles";
import { pageAt } from "./departure?own";
import type { Piece } from "./sphere";
import type { Config, Panorama, Shown } from "./stage";

interface Pose {
  transform: { matrix: Float32Array; inverse: { matrix: Float32Array } };
}
interface EyeView extends Pose {
  projectionMatrix: Float32Array;
}
interface Frame {
  getViewerPose(space: unknown): (Pose & { views: EyeView[] }) | null;
  getPose(space: unknown, base: unknown): Pose | null;
}
interface Layer {
  framebuffer: WebGLFramebuffer | null;
  framebufferWidth: number;
  framebufferHeight: number;
  getViewport(view: EyeView): { x: number; y: number; width: number; height: number };
}
interface Session extends EventTarget {
  inputSources: Iterable<{ targetRaySpace: unknown }>;
  updateRenderState(state: { baseLayer: Layer }): Promise<void> | void;
  requestReferenceSpace(kind: string): Promise<unknown>;
  requestAnimationFrame(draw: (time: number, frame: Frame) => void): number;
  end(): Promise<void>;
}
interface SelectEvent extends Event {
  frame: Frame;
  inputSource: { targetRaySpace: unknown };
}
interface Headset {
  requestSession(mode: string): Promise<Session>;
}

/** A way as a sign in space. */
interface Sign {
  yaw: number;
  pitch: number;
  href: string;
  plain: Piece;
  lit: Piece;
}

const DEGREES = 180 / Math.PI;
/** How far (degrees) from a sign one may point at it. */
const AIM = 14;
/** Width and height of a sign in degrees, and of its drawing in pixels. */
const SIGN = [22, 5.5] as const;
const DRAWN = [512, 128] as const;
/** Fields of view of headsets are about as wide as this: it decides which tiles are asked for. */
const WIDE = 100;

/** Start a session; when it ends, the page is that of the scene where one stood last. */
async function walk(panorama: Panorama): Promise<void> {
  const { gl } = panorama;
  if (!gl || !panorama.shown) return;
  const session = await (navigator as unknown as { xr: Headset }).xr.requestSession("immersive-vr");
  await (gl as unknown as { makeXRCompatible(): Promise<void> }).makeXRCompatible();
  const Layers = (window as unknown as { XRWebGLLayer: new (session: Session, gl: WebGL2RenderingContext) => Layer }).XRWebGLLayer;
  const layer = new Layers(session, gl);
  await session.updateRenderState({ baseLayer: layer });
  new Walk(panorama, session, layer, await session.requestReferenceSpace("local"));
}

class Walk {
  private shown: Shown;
  private signs: Sign[];
  private address = location.pathname;
  /** Yaw of the sphere that lies straight ahead of the session's start. */
  private ahead: number;
  private headYaw = 0;
  private going = false;

  constructor(
    private readonly panorama: Panorama,
    private readonly session: Session,
    private readonly layer: Layer,
    private readonly space: unknown,
  ) {
    this.shown = panorama.shown as Shown;
    this.ahead = panorama.view.yaw;
    this.signs = this.signsOf(panorama.hotspots.ways);
    panorama.paused = true;
    panorama.stage.dataset["vr"] = "walking";
    session.addEventListener("select", (event) => void this.select(event as SelectEvent));
    session.addEventListener("end", () => this.end());
    session.requestAnimationFrame((_, frame) => this.frame(frame));
  }

  private frame(frame: Frame): void {
    this.session.requestAnimationFrame((_, next) => this.frame(next));
    const { gl, sphere } = this.panorama;
    const pose = frame.getViewerPose(this.space);
    if (!pose || !gl || !sphere) return;
    const looks = this.towards(pose);
    this.headYaw = looks.yaw - this.ahead;
    const pieces = this.shown.pieces(looks, this.layer.framebufferWidth / 2, this.layer.framebufferHeight);
    const aimed = this.aimedAt(frame) ?? this.nearest(looks);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.layer.framebuffer);
    sphere.clear();
    for (const view of pose.views) {
      const { x, y, width, height } = this.layer.getViewport(view);
      const p = view.projectionMatrix;
      const lens = [p[0] ?? 1, p[5] ?? 1, p[8] ?? 0, p[9] ?? 0] as const;
      const rows = product(rowsOf(view.transform.inverse.matrix), about(this.ahead));
      sphere.draw({ rows, lens, port: [x, y, width, height] }, [...pieces, ...this.signs.map((sign) => (sign === aimed ? sign.lit : sign.plain))]);
    }
  }

  private async select({ frame, inputSource }: SelectEvent): Promise<void> {
    const pose = frame.getPose(inputSource.targetRaySpace, this.space);
    const sign = pose && this.nearest(this.towards(pose));
    if (!sign || this.going) return;
    this.going = true;
    try {
      await this.go(sign);
    } finally {
      this.going = false;
    }
  }

  /** Stand in the next scene: its page says which panorama and which ways it has. */
  private async go(sign: Sign): Promise<void> {
    const page = await pageAt(sign.href);
    const stage = page.querySelector<HTMLElement>("[data-panorama]");
    if (!stage) return;
    const config = JSON.parse(stage.dataset["panorama"] ?? "{}") as Config;
    const next = await this.panorama.open(config);
    const [here, there] = [this.shown.config.heading, config.heading];
    this.ahead = here === null || there === null ? config.view[0] - this.headYaw : this.ahead + here - there;
    this.shown.tiles.close();
    this.shown = next;
    this.address = new URL(sign.href, location.href).pathname;
    this.signs = this.signsOf([...stage.querySelectorAll<HTMLAnchorElement>("a.way:not(.sight)")]);
    this.panorama.stage.dataset["vr"] = this.address;
  }

  private end(): void {
    const { panorama } = this;
    const yaw = this.ahead + this.headYaw;
    panorama.gl?.bindFramebuffer(panorama.gl.FRAMEBUFFER, null);
    delete panorama.stage.dataset["vr"];
    if (this.address !== location.pathname) return location.assign(`${this.address}#v=${(((yaw + 540) % 360) - 180).toFixed(1)},0,75`);
    panorama.paused = false;
    panorama.look({ ...panorama.view, yaw });
  }

  private aimedAt(frame: Frame): Sign | null {
    for (const { targetRaySpace } of this.session.inputSources) {
      const pose = frame.getPose(targetRaySpace, this.space);
      const sign = pose && this.nearest(this.towards(pose));
      if (sign) return sign;
    }
    return null;
  }

  private nearest(view: View): Sign | null {
    const off = (sign: Sign): number => Math.hypot(((((sign.yaw - view.yaw) % 360) + 540) % 360) - 180, sign.pitch - view.pitch);
    const [best] = [...this.signs].sort((one, other) => off(one) - off(other));
    return best && off(best) < AIM ? best : null;
  }

  /** Where on the sphere a pose points. */
  private towards(pose: Pose): View {
    const m = pose.transform.matrix;
    const [x, y, z] = [-(m[8] ?? 0), -(m[9] ?? 0), -(m[10] ?? 0)];
    return { yaw: Math.atan2(x, -z) * DEGREES + this.ahead, pitch: Math.asin(Math.max(-1, Math.min(1, y))) * DEGREES, fov: WIDE };
  }

  private signsOf(ways: readonly HTMLAnchorElement[]): Sign[] {
    return ways
      .filter((way) => way.dataset["yaw"])
      .map((way) => {
        const [yaw, pitch] = [Number(way.dataset["yaw"]), Number(way.dataset["pitch"])];
        const name = way.querySelector(".way-name")?.textContent?.trim() ?? "";
        const [plain, lit] = [false, true].map((on) => this.drawn(name, yaw, pitch, on)) as [Piece, Piece];
        return { yaw, pitch, href: way.getAttribute("href") ?? "", plain, lit };
      });
  }

  /** A sign with a name, as a piece of the sphere. */
  private drawn(name: string, yaw: number, pitch: number, lit: boolean): Piece {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = DRAWN;
    const pen = canvas.getContext("2d");
    if (pen) {
      pen.fillStyle = lit ? "#e3b75c" : "#1b100dd9";
      pen.strokeStyle = "#e3b75c";
      pen.lineWidth = 6;
      pen.beginPath();
      pen.roundRect(6, 6, DRAWN[0] - 12, DRAWN[1] - 12, 58);
      pen.fill();
      pen.stroke();
      pen.fillStyle = lit ? "#2c1306" : "#fdf3e2";
      pen.font = "600 46px system-ui, sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(name, DRAWN[0] / 2, DRAWN[1] / 2, DRAWN[0] - 60);
    }
    const texture = this.panorama.sphere?.texture(canvas, false) as WebGLTexture;
    const [wide, high] = [SIGN[0] / 360, SIGN[1] / 180];
    return { texture, patch: [yaw / 360 + 0.5 - wide / 2, 0.5 - pitch / 180 - high / 2, wide, high] };
  }
}

/** The rotation of a column-major 4 by 4 matrix, as rows. */
function rowsOf(m: Float32Array): Rows {
  const row = (n: number): Vector => [m[n] ?? 0, m[4 + n] ?? 0, m[8 + n] ?? 0];
  return [row(0), row(1), row(2)];
}

/** The rotation that brings a yaw of the sphere straight ahead. */
function about(yaw: number): Rows {
  const [a, b] = [Math.cos(yaw / DEGREES), Math.sin(yaw / DEGREES)];
  return [[a, 0, b], [0, 1, 0], [-b, 0, a]];
}

function product(one: Rows, other: Rows): Rows {
  const column = (n: 0 | 1 | 2): Vector => [other[0][n], other[1][n], other[2][n]];
  const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return one.map((row) => [dot(row, column(0)), dot(row, column(1)), dot(row, column(2))] as const) as unknown as Rows;
}

document.addEventListener("ditich:vr", (event) => void walk((event as CustomEvent<Panorama>).detail));
