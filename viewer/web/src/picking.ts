/** Finds the point of a cloud that somebody points at: a real one, the foremost within reach, never the empty space between. */

import { Matrix4, type PerspectiveCamera, type Plane, type Points, Sphere, Vector3, Vector4 } from "three";

export interface Sight {
  camera: PerspectiveCamera;
  width: number;
  height: number;
  cuts: readonly Plane[];
}

/** Of points within reach, those so much farther than the foremost belong to another surface. */
const SAME_SURFACE = 1.02;

interface Found {
  place: Vector3;
  /** between neighbouring points here */
  spacing: number;
}

/** The point under (x, y), CSS pixels, within ``reach`` pixels; null where no point is. */
export function nearestPoint(clouds: readonly { points: Points; spacing: number }[], sight: Sight, x: number, y: number, reach: number): Found | null {
  let foremost = Infinity;
  const candidates: { index: number; cloud: Points; depth: number; off: number }[] = [];
  let spacing = Infinity;
  for (const cloud of clouds) {
    const before = candidates.length;
    for (const candidate of within(cloud.points, sight, x, y, reach)) {
      foremost = Math.min(foremost, candidate.depth);
      candidates.push({ ...candidate, cloud: cloud.points });
    }
    if (candidates.length > before) spacing = Math.min(spacing, cloud.spacing);
  }
  const near = candidates.filter(({ depth }) => depth <= foremost * SAME_SURFACE);
  const best = near.reduce<(typeof near)[number] | null>((one, other) => (one && one.off <= other.off ? one : other), null);
  return best && { place: placeOf(best.cloud, best.index), spacing };
}

function* within(points: Points, sight: Sight, x: number, y: number, reach: number): Generator<{ index: number; depth: number; off: number }> {
  const positions = points.geometry.getAttribute("position");
  if (!positions || isAside(points, sight, x, y, reach)) return;
  const toScreen = new Matrix4().multiplyMatrices(sight.camera.projectionMatrix, sight.camera.matrixWorldInverse).multiply(points.matrixWorld);
  const seen = new Vector4();
  for (let index = 0; index < positions.count; index += 1) {
    seen.set(positions.getX(index), positions.getY(index), positions.getZ(index), 1).applyMatrix4(toScreen);
    if (seen.w <= sight.camera.near) continue;
    const across = ((seen.x / seen.w + 1) * sight.width) / 2 - x;
    const down = ((1 - seen.y / seen.w) * sight.height) / 2 - y;
    const off = across * across + down * down;
    if (off <= reach * reach && !isCut(points, index, sight.cuts)) yield { index, depth: seen.w, off };
  }
}

/** Whether all of a tile lies beside the line of sight: most tiles do, and their points need no look. */
function isAside(points: Points, sight: Sight, x: number, y: number, reach: number): boolean {
  if (!points.geometry.boundingSphere) points.geometry.computeBoundingSphere();
  const ball = (points.geometry.boundingSphere ?? new Sphere()).clone().applyMatrix4(points.matrixWorld);
  const middle = ball.center.clone().applyMatrix4(sight.camera.matrixWorldInverse);
  if (-middle.z <= ball.radius) return false;
  const scale = sight.height / (2 * Math.tan((sight.camera.fov * Math.PI) / 360));
  const [across, down] = [sight.width / 2 + (middle.x / -middle.z) * scale - x, sight.height / 2 - (middle.y / -middle.z) * scale - y];
  // a ball off the middle of the view is drawn longer than it is wide: twice its size is never too little
  return Math.hypot(across, down) > (2 * ball.radius * scale) / (-middle.z - ball.radius) + reach;
}

function isCut(points: Points, index: number, cuts: readonly Plane[]): boolean {
  return cuts.length > 0 && cuts.some((plane) => plane.distanceToPoint(placeOf(points, index)) < 0);
}

function placeOf(points: Points, index: number): Vector3 {
  return new Vector3().fromBufferAttribute(points.geometry.getAttribute("position"), index).applyMatrix4(points.matrixWorld);
}
