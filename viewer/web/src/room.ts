/** The space a model or a cloud stands in: a camera that circles it by mouse, touch, keys and buttons, drawn only when something changed. */

import { Box3, CanvasTexture, DirectionalLight, HemisphereLight, NeutralToneMapping, type Object3D, PerspectiveCamera, Plane, SRGBColorSpace, Scene, Spherical, Vector3, WebGLRenderer } from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

import { prefersCalm } from "./device";
import { type Side, firstView } from "./first-view";

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
const BUTTONS: Record<string, string> = { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown", in: "+", out: "-", home: "Home" };

export class Room {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(50, 1, 0.05, 2000);
  readonly canvas = document.createElement("canvas");
  readonly renderer: WebGLRenderer;
  readonly orbit: OrbitControls;
  /** Called before every drawn frame. */
  before: () => void = () => undefined;
  /** How a frame is painted; the shading of clouds paints it its own way. */
  paint: () => void = () => this.renderer.render(this.scene, this.camera);
  /** What else follows the camera: lines, pins, words. Called after every drawn frame. */
  readonly followers: (() => void)[] = [];
  /** Where all of the thing is, for planes that cut it. */
  box = new Box3();
  private home: [Vector3, Vector3] = [new Vector3(), new Vector3()];
  private wished: [Vector3, Vector3] | null = null;
  private places: Vector3[] = [];
  private awaited = 0;

  constructor(readonly stage: HTMLElement, label: string, private readonly from: Side | null) {
    this.canvas.className = "space";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-label", label);
    this.renderer = new WebGLRenderer({ canvas: this.canvas, antialias: true, powerPreference: "high-performance" });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    // white stone keeps its relief: light that is too much is pressed together instead of cut off
    this.renderer.toneMapping = NeutralToneMapping;
    this.scene.background = paper();
    this.scene.add(new HemisphereLight(0xfff4e2, 0x6b4a38, 1.9));
    const sun = new DirectionalLight(0xffffff, 1.6);
    sun.position.set(0.6, 1, 0.8);
    this.scene.add(sun);
    stage.querySelector(".stage-still")?.after(this.canvas);
    this.orbit = new OrbitControls(this.camera, this.canvas);
    this.orbit.enableDamping = !prefersCalm();
    this.orbit.addEventListener("change", () => this.ask());
    this.listen();
  }

  /** Look at a box, or at places in it, from the poster's side, else from the front and a little above; that view is where "back to the first view" leads. */
  frame(box: Box3, places = this.places): void {
    [this.box, this.places] = [box, places];
    const radius = Math.max(box.getSize(new Vector3()).length() / 2, 1e-3);
    this.camera.near = radius / 200;
    this.camera.far = radius * 40;
    this.camera.aspect = this.stage.clientWidth / Math.max(1, this.stage.clientHeight);
    this.camera.updateProjectionMatrix();
    this.orbit.maxDistance = radius * 12;
    this.home = firstView(box, this.camera, this.from, places);
    this.stand(this.wished ?? this.home);
  }

  /** The view to open with, instead of the first one; also asked for later. */
  wish(view: [Vector3, Vector3]): void {
    this.wished = view;
    if (!this.box.isEmpty()) this.stand(view);
  }

  stand([place, target]: [Vector3, Vector3]): void {
    this.camera.position.copy(place);
    this.orbit.target.copy(target);
    this.orbit.update();
    // who points at something before the next frame points into this view
    this.camera.updateMatrixWorld();
    this.ask();
  }

  /** Turn the middle of the view to a place, from the same side. */
  lookAt(place: Vector3): void {
    const away = this.camera.position.clone().sub(this.orbit.target);
    this.stand([place.clone().add(away), place.clone()]);
  }

  add(thing: Object3D): void {
    this.scene.add(thing);
    this.ask();
  }

  /** Draw once more, as soon as the browser draws; however often it is asked for before that. */
  ask(): void {
    this.awaited ||= requestAnimationFrame(() => {
      this.awaited = 0;
      if (!this.renderer.xr.isPresenting) this.draw();
    });
  }

  cut(plane: Plane | null): void {
    this.renderer.clippingPlanes = plane ? [plane] : [];
    this.ask();
  }

  open(): void {
    this.stage.classList.add("live");
    this.stage.querySelector(".controls")?.removeAttribute("hidden");
    this.canvas.focus({ preventScroll: true });
    this.ask();
  }

  /** A move by its key; false where the key is none of ours. */
  act(key: string): boolean {
    if (key === "Home") {
      this.stand(this.home);
      return true;
    }
    const move = MOVES[key];
    if (!move) return false;
    const around = new Spherical().setFromVector3(this.camera.position.clone().sub(this.orbit.target));
    around.theta += move[0];
    around.phi = Math.max(0.05, Math.min(Math.PI - 0.05, around.phi + move[1]));
    around.radius *= move[2];
    this.stand([new Vector3().setFromSpherical(around).add(this.orbit.target), this.orbit.target.clone()]);
    return true;
  }

  private draw(): void {
    this.orbit.update();
    this.before();
    this.paint();
    this.stage.dataset["frames"] = String(Number(this.stage.dataset["frames"] ?? 0) + 1);
    for (const follow of this.followers) follow();
  }

  private fit(): void {
    const [width, height] = [this.stage.clientWidth, Math.max(1, this.stage.clientHeight)];
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    // the stage changes its shape when it opens or is turned: who has not moved yet still sees all
    const isUnmoved = !this.wished && this.camera.position.distanceTo(this.home[0]) < this.camera.near;
    if (!this.box.isEmpty() && isUnmoved) this.frame(this.box);
    this.ask();
  }

  private listen(): void {
    new ResizeObserver(() => this.fit()).observe(this.stage);
    this.canvas.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey && this.act(event.key)) event.preventDefault();
    });
    this.canvas.addEventListener("webglcontextrestored", () => this.ask());
    this.stage.querySelector(".controls")?.addEventListener("click", (event) => {
      this.act(BUTTONS[(event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"] ?? ""] ?? "");
    });
  }
}

/** The ground of the pictures that stood here before (studio/paper.py): nothing jumps when the third dimension opens. */
function paper(): CanvasTexture {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [1, 64];
  const pen = sheet.getContext("2d");
  if (pen) {
    const tones = pen.createLinearGradient(0, 0, 0, sheet.height);
    tones.addColorStop(0, "#f6f1e9");
    tones.addColorStop(1, "#ded4c6");
    pen.fillStyle = tones;
    pen.fillRect(0, 0, sheet.width, sheet.height);
  }
  const texture = new CanvasTexture(sheet);
  texture.colorSpace = SRGBColorSpace;
  return texture;
}
