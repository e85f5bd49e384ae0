/** Opens a point cloud: 3D Tiles 1.1 with implicit tiling. First the coarsest tile, then more points, up to what the device bears. */

import { TilesRenderer } from "3d-tiles-renderer";
import { GLTFExtensionsPlugin, ImplicitTilingPlugin } from "3d-tiles-renderer/plugins";
import { Box3, Group, type Object3D, Points, PointsMaterial, Vector3 } from "three";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";

import { type Class, isPointerCoarse } from "./device";
import { shadeByDepth } from "./eye-dome";
import { nearestPoint } from "./picking";
import type { Room } from "./room";
import type { Picked, SpaceConfig, Thing } from "./thing";

/** Pixels between neighbouring points: tiles give their spacing as their geometric error. */
const FINEST_ERROR = 1.2;
const COARSEST_ERROR = 48;
/** One step finer: about half as many points again of a surface, which the device must bear. */
const FINER = 0.84;
const MORE_POINTS = 1.5;
const SMALLEST_DOT = 1.5;
const LARGEST_DOT = 12;
const MEBIBYTE = 2 ** 20;
const MEMORY: Record<Class, number> = { light: 64 * MEBIBYTE, full: 384 * MEBIBYTE };
/** The tile that holds the root's points stands below the implicit root. */
const ROOT_ONLY = 2;
const REACH = { mouse: 8, finger: 18 };

type Spaced = { geometricError?: number; children?: Spaced[] };

export class CloudThing implements Thing {
  shading = false;
  private readonly tiles: TilesRenderer;
  private readonly upright = new Group();
  private readonly switchShading: (isOn: boolean) => void;
  private most = 0;
  private isFramed = false;

  /** ``report`` is told how many points are on the screen. */
  constructor(private readonly room: Room, private readonly config: SpaceConfig, private readonly report: (points: number) => void) {
    this.tiles = new TilesRenderer(config.light.address);
    this.tiles.registerPlugin(new ImplicitTilingPlugin());
    this.tiles.registerPlugin(new GLTFExtensionsPlugin({ meshoptDecoder: MeshoptDecoder }));
    this.tiles.errorTarget = COARSEST_ERROR;
    this.tiles.maxDepth = ROOT_ONLY;
    this.tiles.setCamera(room.camera);
    this.upright.rotation.x = -Math.PI / 2;
    this.upright.add(this.tiles.group);
    room.add(this.upright);
    this.switchShading = shadeByDepth(room);
    room.before = () => this.update();
  }

  /** Resolves when the first points are drawn. */
  open(wanted: Class): Promise<void> {
    const { room, tiles } = this;
    this.allow(wanted);
    this.shade(wanted === "full");
    room.stage.dataset["missing"] = "1";
    const focus = this.config.focus ? new Box3(new Vector3().fromArray(this.config.focus), new Vector3().fromArray(this.config.focus, 3)) : null;
    return new Promise((resolve, reject) => {
      tiles.addEventListener("load-root-tileset", () => {
        const box = focus ?? new Box3();
        this.upright.updateMatrixWorld(true);
        if (focus || tiles.getBoundingBox(box)) room.frame(box.applyMatrix4(this.upright.matrixWorld));
        this.isFramed = true;
      });
      tiles.addEventListener("load-model", ({ scene }) => {
        dress(scene, room.renderer.getPixelRatio());
        if (tiles.maxDepth === ROOT_ONLY) {
          aim(room, scene, this.upright, focus !== null);
          room.stage.dataset["shape"] = "first";
          tiles.maxDepth = Infinity;
        }
        resolve();
        room.ask();
      });
      tiles.addEventListener("needs-update", () => room.ask());
      tiles.addEventListener("tile-visibility-change", () => this.settle());
      tiles.addEventListener("tiles-load-start", () => (room.stage.dataset["missing"] = "1"));
      tiles.addEventListener("tiles-load-end", () => {
        room.stage.dataset["missing"] = "0";
        this.settle();
      });
      tiles.addEventListener("load-error", ({ error, tile }) => {
        if (!tile || !this.isFramed) reject(error);
      });
      room.ask();
    });
  }

  async refine(wanted: Class): Promise<void> {
    this.allow(wanted);
    this.settle();
  }

  shade(isOn: boolean): void {
    this.shading = isOn;
    this.switchShading(isOn);
  }

  pick(x: number, y: number, reach = isPointerCoarse() ? REACH.finger : REACH.mouse): Picked | null {
    const { canvas, camera, renderer } = this.room;
    const clouds: { points: Points; spacing: number }[] = [];
    this.tiles.forEachLoadedModel((scene, tile) => {
      if (!this.tiles.visibleTiles.has(tile)) return;
      scene.traverse((part) => {
        if (part instanceof Points) clouds.push({ points: part, spacing: (tile as Spaced).geometricError ?? 0 });
      });
    });
    const view = { camera, width: canvas.clientWidth, height: canvas.clientHeight, cuts: renderer.clippingPlanes };
    const found = nearestPoint(clouds, view, x, y, reach);
    // the place meant may lie half way to the next point; and the tiles stand on a grid
    return found && { place: found.place, blur: Math.hypot(found.spacing / 2, this.config.resolution ?? 0) };
  }

  private allow(wanted: Class): void {
    this.most = this.config[wanted].points;
    this.tiles.lruCache.maxBytesSize = MEMORY[wanted];
    this.tiles.lruCache.minBytesSize = MEMORY[wanted] / 2;
    this.room.stage.dataset["most"] = String(this.most);
  }

  private update(): void {
    const { room, tiles } = this;
    tiles.setResolutionFromRenderer(room.camera, room.renderer);
    room.camera.updateMatrixWorld();
    tiles.update();
    if (this.isFramed && room.stage.dataset["missing"] === "0") this.finer();
  }

  /** One step finer where all that was asked for is there and twice as many points would be borne; always where nothing is shown yet. */
  private finer(): void {
    const { room, tiles } = this;
    const isWanted = tiles.errorTarget > FINEST_ERROR && shownPoints(tiles) * MORE_POINTS < this.most;
    // from far away even the first tile can count as too fine to need
    if (!isWanted && tiles.visibleTiles.size) return;
    tiles.errorTarget = tiles.visibleTiles.size ? Math.max(FINEST_ERROR, tiles.errorTarget * FINER) : tiles.errorTarget / 2;
    room.ask();
  }

  /** One step coarser where there are too many points. */
  private settle(): void {
    const { tiles, room } = this;
    const points = shownPoints(tiles);
    if (points > this.most) tiles.errorTarget = Math.min(COARSEST_ERROR, tiles.errorTarget / FINER);
    sizeDots(tiles);
    room.stage.dataset["points"] = String(points);
    this.report(points);
    room.ask();
  }
}

/**
 * Look at where the points of the first tile are: the cube of the octree is larger, and a few stray points do not count. ``isFramed``: the
 * page said in which box the thing mostly is.
 */
function aim(room: Room, scene: Object3D, upright: Group, isFramed: boolean): void {
  upright.updateMatrixWorld(true);
  scene.updateWorldMatrix(true, true);
  const axes: [number[], number[], number[]] = [[], [], []];
  const places: Vector3[] = [];
  scene.traverse((thing) => {
    const points = thing instanceof Points ? thing.geometry.getAttribute("position") : null;
    for (let i = 0; points && i < points.count; i += 1 + (points.count >> 13)) {
      // the group of the tiles may not hold the scene yet: its place is the same as the group's
      const place = new Vector3().fromBufferAttribute(points, i).applyMatrix4(thing.matrixWorld);
      if (!scene.parent) place.applyMatrix4(upright.matrixWorld);
      if (isFramed && !room.box.containsPoint(place)) continue;
      places.push(place);
      axes.forEach((axis, number) => axis.push(place.getComponent(number)));
    }
  });
  if (axes[0].length < 100) return;
  const edge = (share: number): Vector3 => new Vector3(...(axes.map((axis) => axis.sort((a, b) => a - b)[Math.floor(share * (axis.length - 1))] ?? 0) as [number, number, number]));
  room.frame(isFramed ? room.box : new Box3(edge(0.01), edge(0.99)), places);
}

function shownPoints(tiles: TilesRenderer): number {
  let points = 0;
  tiles.forEachLoadedModel((scene, tile) => {
    if (tiles.visibleTiles.has(tile)) scene.traverse((thing) => (points += thing instanceof Points ? (thing.geometry.getAttribute("position")?.count ?? 0) : 0));
  });
  return points;
}

/** Dots with a least and a largest size in pixels: a surface near by, and never confetti from afar. */
function dress(scene: Object3D, ratio: number): void {
  scene.traverse((thing) => {
    if (!(thing instanceof Points) || !(thing.material instanceof PointsMaterial)) return;
    thing.material.sizeAttenuation = true;
    thing.material.toneMapped = false;
    thing.material.onBeforeCompile = (shader) => {
      shader.vertexShader = shader.vertexShader.replace(
        "#include <logdepthbuf_vertex>",
        `gl_PointSize = clamp(gl_PointSize, ${(SMALLEST_DOT * ratio).toFixed(1)}, ${(LARGEST_DOT * ratio).toFixed(1)});\n#include <logdepthbuf_vertex>`,
      );
      // round ones: squares as large as these would be tiles
      shader.fragmentShader = shader.fragmentShader.replace("#include <clipping_planes_fragment>", "if (length(gl_PointCoord - 0.5) > 0.5) discard;\n#include <clipping_planes_fragment>");
    };
  });
}

/** Dots as large as the gaps between them: tiles add up, so where finer ones are in sight a coarse one has no gaps of its own left. */
function sizeDots(tiles: TilesRenderer): void {
  tiles.forEachLoadedModel((scene, tile) => {
    const size = gaps(tile as Spaced, tiles) * 1.5;
    scene.traverse((thing) => {
      if (thing instanceof Points && thing.material instanceof PointsMaterial) thing.material.size = size;
    });
  });
}

function gaps(tile: Spaced, tiles: TilesRenderer): number {
  const finer = (tile.children ?? []).filter((child) => (tiles.visibleTiles as Set<unknown>).has(child));
  return finer.length ? finer.reduce((sum, child) => sum + gaps(child, tiles), 0) / finer.length : (tile.geometricError ?? 0);
}
