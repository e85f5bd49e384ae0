/** The space a model or a cloud stands in: a camera that circles it by mouse, touch, keys and buttons, drawn only when needed. */

import { Box3, Color, DirectionalLight, HemisphereLight, type Object3D, PerspectiveCamera, Scene, Spherical, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

import { fullScreen } from "./fullscreen";

/** Share of the stage that the first view fills: buttons and words lie over its edges. */
const FILLED = 0.86;
const STEP = Math.PI / 12;
const CLOSER = 0.8;
const MOVES: Record<string, [number, number, number]> = {
  ArrowLeft: [-STEP, 0, 1],
  ArrowRight: [STEP, 0, 1],
  ArrowUp: [0, -STEP / 2, 1],
  ArrowDown: [0, STEP / 2, 1],
  "+": [0, 0, CLOSER],
  "=": [0, 0, CLOSER],
  "-": [0, 0, 1 / CLOSER],
};
const BUTTONS: Record<string, string> = { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown", in: "+", out: "-" };

export class Room {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(50, 1, 0.05, 2000);
  readonly renderer: WebGLRenderer;
  /** Called before every drawn frame. */
  before: () => void = () => undefined;
  private readonly orbit: OrbitControls;
  private home: [Vector3, Vector3] = [new Vector3(), new Vector3()];
  private framed: Box3 | null = null;
  private asked = true;

  constructor(private readonly stage: HTMLElement, label: string) {
    const canvas = document.createElement("canvas");
    canvas.className = "space";
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    this.renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "high-performance" });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    this.scene.background = new Color(0x1a1210);
    this.scene.add(new HemisphereLight(0xfff4e2, 0x6b4a38, 2.2));
    const sun = new DirectionalLight(0xffffff, 1.6);
    sun.position.set(0.6, 1, 0.8);
    this.scene.add(sun);
    stage.querySelector(".stage-still")?.after(canvas);
    this.orbit = new OrbitControls(this.camera, canvas);
    this.orbit.enableDamping = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.orbit.addEventListener("change", () => this.ask());
    this.listen(canvas);
  }

  /** Look at a box from the front and a little above; that view is where "back to the first view" leads. */
  frame(box: Box3): void {
    const radius = Math.max(box.getSize(new Vector3()).length() / 2, 1e-3);
    this.camera.near = radius / 200;
    this.camera.far = radius * 40;
    this.camera.aspect = this.stage.clientWidth / Math.max(1, this.stage.clientHeight);
    this.camera.updateProjectionMatrix();
    const [place, target] = firstView(box, this.camera);
    this.camera.position.copy(place);
    this.orbit.target.copy(target);
    this.orbit.maxDistance = radius * 12;
    this.orbit.update();
    this.home = [this.camera.position.clone(), target];
    this.framed = box;
    this.ask();
  }

  add(thing: Object3D): void {
    this.scene.add(thing);
    this.ask();
  }

  ask(): void {
    this.asked = true;
  }

  open(): void {
    this.stage.classList.add("live");
    this.stage.querySelector(".controls")?.removeAttribute("hidden");
    fullScreen(this.stage);
    this.renderer.domElement.focus({ preventScroll: true });
    this.renderer.setAnimationLoop(() => this.draw());
  }

  private draw(): void {
    this.orbit.update();
    this.before();
    if (!this.asked) return;
    this.asked = false;
    this.renderer.render(this.scene, this.camera);
    this.stage.dataset["frames"] = String(Number(this.stage.dataset["frames"] ?? 0) + 1);
  }

  private listen(canvas: HTMLCanvasElement): void {
    const fit = (): void => {
      const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
      this.renderer.setSize(width, height, false);
      this.camera.aspect = width / Math.max(1, height);
      this.camera.updateProjectionMatrix();
      // the stage changes its shape when it opens or is turned: who has not moved yet still sees all
      if (this.framed && this.camera.position.distanceTo(this.home[0]) < this.camera.near) this.frame(this.framed);
      this.ask();
    };
    new ResizeObserver(fit).observe(this.stage);
    canvas.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && this.act(event.key)) event.preventDefault();
    });
    canvas.addEventListener("webglcontextrestored", () => this.ask());
    this.stage.querySelector(".controls")?.addEventListener("click", (event) => {
      const name = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"] ?? "";
      if (name === "home") this.goHome();
      else this.act(BUTTONS[name] ?? "");
    });
  }

  private act(key: string): boolean {
    const move = MOVES[key];
    if (!move) return false;
    const around = new Spherical().setFromVector3(this.camera.position.clone().sub(this.orbit.target));
    around.theta += move[0];
    around.phi = Math.max(0.05, Math.min(Math.PI - 0.05, around.phi + move[1]));
    around.radius *= move[2];
    this.camera.position.setFromSpherical(around).add(this.orbit.target);
    this.orbit.update();
    this.ask();
    return true;
  }

  private goHome(): void {
    this.camera.position.copy(this.home[0]);
    this.orbit.target.copy(this.home[1]);
    this.orbit.update();
    this.ask();
  }
}

/**
 * Where a camera must stand, and where it looks, so that a box fills the view and no corner is out of sight. Exact: along each axis of
 * the picture the two outermost planes through the corners, as steep as the edges of the view, meet where the camera must be.
 */
function firstView(box: Box3, camera: PerspectiveCamera): [Vector3, Vector3] {
  const back = new Vector3(0.45, 0.42, 1).normalize();
  const right = new Vector3(0, 1, 0).cross(back).normalize();
  const up = back.clone().cross(right);
  const slope = Math.tan((camera.fov * Math.PI) / 360) * FILLED;
  const corner = (bits: number): Vector3 => new Vector3((bits & 1 ? box.max : box.min).x, (bits & 2 ? box.max : box.min).y, (bits & 4 ? box.max : box.min).z);
  const corners = Array.from({ length: 8 }, (_, bits) => corner(bits));
  const meet = (axis: Vector3, steep: number): [number, number] => {
    const outermost = (side: number): number => Math.max(...corners.map((place) => side * place.dot(axis) + steep * place.dot(back)));
    const [one, other] = [outermost(1), outermost(-1)];
    return [(one - other) / 2, (one + other) / (2 * steep)];
  };
  const [[x, far], [y, high]] = [meet(right, slope * camera.aspect), meet(up, slope)];
  const middle = box.getCenter(new Vector3()).dot(back);
  const target = right.multiplyScalar(x).addScaledVector(up, y).addScaledVector(back, middle);
  return [target.clone().addScaledVector(back, Math.max(far, high, middle + camera.near * 2) - middle), target];
}
