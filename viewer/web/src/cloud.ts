/** Opens a point cloud: 3D Tiles 1.1 with implicit tiling. More points come as one looks, up to what the device bears. */

import { TilesRenderer } from "3d-tiles-renderer";
import { GLTFExtensionsPlugin, ImplicitTilingPlugin } from "3d-tiles-renderer/plugins";
import { Box3, Group, type Object3D, Points, PointsMaterial, Vector3 } from "three";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";

import { Room } from "./room";

const ON_A_PHONE = 500_000;
const ON_A_DESK = 3_000_000;
/** Pixels between neighbouring points: tiles give their spacing as their geometric error. */
const FINEST_ERROR = 1.2;
const COARSEST_ERROR = 24;
const SMALLEST_DOT = 2.2;
const LARGEST_DOT = 6;

/** Resolves when the first points are drawn. `report` is told how many are on the screen. */
export function openCloud(stage: HTMLElement, address: string, label: string, report: (points: number) => void): Promise<void> {
  const room = new Room(stage, label);
  const tiles = new TilesRenderer(address);
  tiles.registerPlugin(new ImplicitTilingPlugin());
  tiles.registerPlugin(new GLTFExtensionsPlugin({ meshoptDecoder: MeshoptDecoder }));
  tiles.errorTarget = FINEST_ERROR;
  tiles.setCamera(room.camera);
  const upright = new Group();
  upright.rotation.x = -Math.PI / 2;
  upright.add(tiles.group);
  room.add(upright);
  const most = budget();
  stage.dataset["missing"] = "1";
  let framed = false;
  const focus = focusOf(stage);
  let aimed = focus !== null;
  room.before = () => {
    tiles.setResolutionFromRenderer(room.camera, room.renderer);
    room.camera.updateMatrixWorld();
    tiles.update();
    // from far away even the first tile can count as too fine to need: something is always shown
    if (framed && !tiles.visibleTiles.size && stage.dataset["missing"] === "0") tiles.errorTarget *= 0.9;
  };
  return new Promise((resolve, reject) => {
    tiles.addEventListener("load-root-tileset", () => {
      const box = focus ?? new Box3();
      upright.updateMatrixWorld(true);
      if (focus || tiles.getBoundingBox(box)) room.frame(box.applyMatrix4(upright.matrixWorld));
      framed = true;
    });
    tiles.addEventListener("load-model", ({ scene }) => {
      dress(scene);
      if (!aimed) aimed = aim(room, scene, upright);
      resolve();
      room.ask();
    });
    tiles.addEventListener("tile-visibility-change", () => {
      const points = shownPoints(tiles);
      if (points > most) tiles.errorTarget = Math.min(COARSEST_ERROR, tiles.errorTarget * 1.25);
      else if (points < most / 2) tiles.errorTarget = Math.max(FINEST_ERROR, tiles.errorTarget / 1.1);
      sizeDots(tiles);
      report(points);
      room.ask();
    });
    tiles.addEventListener("tiles-load-end", () => {
      stage.dataset["missing"] = "0";
      room.ask();
    });
    tiles.addEventListener("tiles-load-start", () => (stage.dataset["missing"] = "1"));
    tiles.addEventListener("load-error", ({ error, tile }) => {
      if (!tile || !framed) reject(error);
    });
    room.open();
  });
}

/** Where the cloud mostly is, in its own frame (z up), as the page says; null where it does not. */
function focusOf(stage: HTMLElement): Box3 | null {
  const edges = (stage.dataset["focus"] ?? "").split(" ").map(Number);
  return edges.length === 6 ? new Box3(new Vector3().fromArray(edges), new Vector3().fromArray(edges, 3)) : null;
}

/** Where no page says it: look at where the points of the first tile are: the cube of the octree is larger, and a few stray points do not count. */
function aim(room: Room, scene: Object3D, upright: Group): boolean {
  upright.updateMatrixWorld(true);
  scene.updateWorldMatrix(true, true);
  const axes: [number[], number[], number[]] = [[], [], []];
  const place = new Vector3();
  scene.traverse((thing) => {
    const points = thing instanceof Points ? thing.geometry.getAttribute("position") : null;
    for (let i = 0; points && i < points.count; i += 1 + (points.count >> 13)) {
      // the group of the tiles may not hold the scene yet: its place is the same as the group's
      place.fromBufferAttribute(points, i).applyMatrix4(thing.matrixWorld);
      if (!scene.parent) place.applyMatrix4(upright.matrixWorld);
      axes.forEach((axis, number) => axis.push(place.getComponent(number)));
    }
  });
  if (axes[0].length < 100) return false;
  const edge = (share: number): Vector3 => new Vector3(...(axes.map((axis) => axis.sort((a, b) => a - b)[Math.floor(share * (axis.length - 1))] ?? 0) as [number, number, number]));
  room.frame(new Box3(edge(0.01), edge(0.99)));
  return true;
}

/** Phones and small memories get half a million points, others three million. */
function budget(): number {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
  return window.matchMedia("(pointer: coarse)").matches || gigabytes <= 4 ? ON_A_PHONE : ON_A_DESK;
}

function shownPoints(tiles: TilesRenderer): number {
  let points = 0;
  tiles.forEachLoadedModel((scene, tile) => {
    if (tiles.visibleTiles.has(tile)) scene.traverse((thing) => (points += thing instanceof Points ? (thing.geometry.getAttribute("position")?.count ?? 0) : 0));
  });
  return points;
}

/** Dots with a least and a largest size in pixels: a surface near by, and never confetti from afar. */
function dress(scene: Object3D): void {
  scene.traverse((thing) => {
    if (!(thing instanceof Points) || !(thing.material instanceof PointsMaterial)) return;
    thing.material.sizeAttenuation = true;
    thing.material.onBeforeCompile = (shader) => {
      shader.vertexShader = shader.vertexShader.replace(
        "#include <logdepthbuf_vertex>",
        `gl_PointSize = clamp(gl_PointSize, ${SMALLEST_DOT.toFixed(1)}, ${LARGEST_DOT.toFixed(1)});\n#include <logdepthbuf_vertex>`,
      );
    };
  });
}

/** All dots are as large as the gaps of the finest tile in sight: tiles add up, so a coarse one has no gaps of its own left. */
function sizeDots(tiles: TilesRenderer): void {
  const spacings = [...tiles.visibleTiles].map((tile) => Number((tile as { geometricError?: number }).geometricError ?? 0)).filter((spacing) => spacing > 0);
  if (!spacings.length) return;
  const size = Math.min(...spacings) * 1.6;
  tiles.forEachLoadedModel((scene) =>
    scene.traverse((thing) => {
      if (thing instanceof Points && thing.material instanceof PointsMaterial) thing.material.size = size;
    }),
  );
}
