/** Opens a light mesh: its first shape at once, then the finer one. GLB with meshopt compression. */

import { Box3, Mesh, type Object3D, Raycaster, Vector2 } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";

import { type Class, isPointerCoarse } from "./device";
import type { Room } from "./room";
import type { Picked, SpaceConfig, Thing } from "./thing";

/** Pixels that a mouse and a finger miss a place by. */
const MISS = { mouse: 1, finger: 4 };

export class MeshThing implements Thing {
  private shown: Object3D | null = null;
  private readonly loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder);

  constructor(private readonly room: Room, private readonly config: SpaceConfig) {}

  /** The first shape, then what this class of devices bears. */
  async open(wanted: Class): Promise<void> {
    if (this.config.first) await this.show(this.config.first);
    this.room.stage.dataset["shape"] = "first";
    // a first shape is better than none: when only the finer one fails, the page says nothing false, it stays coarse
    await (this.shown ? this.refine(wanted).catch(() => undefined) : this.refine(wanted));
  }

  async refine(wanted: Class): Promise<void> {
    await this.show(this.config[wanted].address);
    this.room.stage.dataset["shape"] = wanted;
  }

  pick(x: number, y: number): Picked | null {
    if (!this.shown) return null;
    const { camera, canvas, renderer } = this.room;
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2((x / canvas.clientWidth) * 2 - 1, 1 - (y / canvas.clientHeight) * 2), camera);
    const cuts = renderer.clippingPlanes;
    const hit = ray.intersectObject(this.shown, true).find(({ point }) => cuts.every((plane) => plane.distanceToPoint(point) >= 0));
    if (!hit) return null;
    const pixel = (2 * Math.tan((camera.fov * Math.PI) / 360) * hit.distance) / canvas.clientHeight;
    const aim = pixel * (isPointerCoarse() ? MISS.finger : MISS.mouse);
    return { place: hit.point, blur: Math.hypot(aim, this.config.deviation ?? 0) };
  }

  private async show(address: string): Promise<void> {
    const { scene } = await this.loader.loadAsync(address);
    const { room, shown } = this;
    if (shown) {
      room.scene.remove(shown);
      discard(shown);
    }
    this.shown = scene;
    room.add(scene);
    if (!shown) room.frame(new Box3().setFromObject(scene));
  }
}

/** Give back what a shape holds on the graphics card. */
function discard(shape: Object3D): void {
  shape.traverse((part) => {
    if (!(part instanceof Mesh)) return;
    part.geometry.dispose();
    for (const material of [part.material].flat()) {
      material.map?.dispose();
      material.normalMap?.dispose();
      material.dispose();
    }
  });
}
