/** Angles and directions. Degrees outside, unit vectors inside: x to the right of the image centre, y up, -z ahead. */

export interface View {
  yaw: number;
  pitch: number;
  fov: number;
}

export type Vector = readonly [number, number, number];

const RADIANS = Math.PI / 180;
export const NARROWEST = 20;
export const WIDEST = 100;
const STEEPEST = 88;

/** The unit vector towards a yaw (clockwise from the image centre) and a pitch (up from the horizon). */
export function direction(yaw: number, pitch: number): Vector {
  const across = Math.cos(pitch * RADIANS);
  return [Math.sin(yaw * RADIANS) * across, Math.sin(pitch * RADIANS), -Math.cos(yaw * RADIANS) * across];
}

/** A view with its yaw within -180 to 180 and its pitch and field of view within what can be shown. */
export function bounded(view: View): View {
  return {
    yaw: ((((view.yaw + 180) % 360) + 360) % 360) - 180,
    pitch: Math.max(-STEEPEST, Math.min(STEEPEST, view.pitch)),
    fov: Math.max(NARROWEST, Math.min(WIDEST, view.fov)),
  };
}

/** The rotation from the sphere into the eye's frame, as rows of a 3 by 3 matrix. */
export function rotation(view: View): readonly [Vector, Vector, Vector] {
  const [a, b] = [Math.cos(view.yaw * RADIANS), Math.sin(view.yaw * RADIANS)];
  const [c, d] = [Math.cos(view.pitch * RADIANS), Math.sin(view.pitch * RADIANS)];
  return [
    [a, 0, b],
    [-b * d, c, a * d],
    [-b * c, -d, a * c],
  ];
}

export function turned(rows: readonly [Vector, Vector, Vector], v: Vector): Vector {
  const dot = (row: Vector): number => row[0] * v[0] + row[1] * v[1] + row[2] * v[2];
  return [dot(rows[0]), dot(rows[1]), dot(rows[2])];
}

/** How many half-heights of the screen one unit at distance one covers. `fov` is that of the longer side's 4:3 share. */
export function focal(view: View, aspect: number): number {
  const vertical = aspect >= 1 ? view.fov / Math.max(1, aspect) ** 0.5 : view.fov;
  return 1 / Math.tan((vertical * RADIANS) / 2);
}

/** Where a direction lands on the screen, -1 to 1 from left to right and bottom to top; `ahead` is false behind the eye. */
export function projected(view: View, aspect: number, v: Vector): { x: number; y: number; ahead: boolean } {
  const [x, y, z] = turned(rotation(view), v);
  const f = focal(view, aspect);
  return { x: (-x / z) * (f / aspect), y: (-y / z) * f, ahead: z < 0 };
}

/** The angle between two bearings, 0 to 180. */
export function apart(one: number, other: number): number {
  return Math.abs(((((one - other + 180) % 360) + 360) % 360) - 180);
}
