/** Where a camera must stand to see all of a box. */

import { type Box3, type PerspectiveCamera, Vector3 } from "three";

/** Share of the stage that the first view fills: buttons and words lie over its edges. */
const FILLED = 0.86;
/** Share of the places that must be in sight: strays of a scan may lie outside. */
const SEEN = 0.985;
const FLAT = 0.4;
const RADIANS = Math.PI / 180;

/** From where something is seen, in degrees: azimuth counter-clockwise from +x as seen from above, and height above the horizon; z is up. */
export type Side = [azimuth: number, elevation: number];

function towards([azimuth, elevation]: Side): Vector3 {
  const [across, up] = [Math.cos(elevation * RADIANS), Math.sin(elevation * RADIANS)];
  // z up becomes y up
  return new Vector3(across * Math.cos(azimuth * RADIANS), up, -across * Math.sin(azimuth * RADIANS));
}

/**
 * Where a camera must stand, and where it looks, so that a box fills the view and no corner is out of sight; or, where some are known,
 * nearly all places of what is in it. Exact: along each axis of the picture the two outermost planes through the corners, as steep as the edges of the view, meet where the camera must be.
 */
export function firstView(box: Box3, camera: PerspectiveCamera, from: Side | null, places: Vector3[] = []): [Vector3, Vector3] {
  const size = box.getSize(new Vector3());
  // a yard is looked into from above, a house or a stele from the side
  const isFlat = size.y < FLAT * Math.max(size.x, size.z);
  const back = from ? towards(from) : (isFlat ? new Vector3(0.3, 0.55, 1) : new Vector3(0.45, 0.42, 1)).normalize();
  const right = new Vector3(0, 1, 0).cross(back).normalize();
  const up = back.clone().cross(right);
  const slope = Math.tan((camera.fov * Math.PI) / 360) * FILLED;
  const corner = (bits: number): Vector3 => new Vector3((bits & 1 ? box.max : box.min).x, (bits & 2 ? box.max : box.min).y, (bits & 4 ? box.max : box.min).z);
  const corners = places.length ? places : Array.from({ length: 8 }, (_, bits) => corner(bits));
  const last = Math.floor((corners.length - 1) * (places.length ? SEEN : 1));
  const meet = (axis: Vector3, steep: number): [number, number] => {
    const outermost = (side: number): number => corners.map((place) => side * place.dot(axis) + steep * place.dot(back)).sort((a, b) => a - b)[last] ?? 0;
    const [one, other] = [outermost(1), outermost(-1)];
    return [(one - other) / 2, (one + other) / (2 * steep)];
  };
  const [[x, far], [y, high]] = [meet(right, slope * camera.aspect), meet(up, slope)];
  const middle = box.getCenter(new Vector3()).dot(back);
  const target = right.multiplyScalar(x).addScaledVector(up, y).addScaledVector(back, middle);
  return [target.clone().addScaledVector(back, Math.max(far, high, middle + camera.near * 2) - middle), target];
}
