/** Angles and directions. Degrees outside, unit vectors inside: x to the right of the image centre, y up, -z ahead. */

export interface View {
  yaw: number;
  pitch: number;
  fov: number;
}

export type Vector = readonly [number, number, number];
export type Rows = readonly [Vector, Vector, Vector];

/** What part of the sphere is known, in degrees of yaw and pitch. */
export interface Extent {
  left: number;
  right: number;
  bottom: number;
  top: number;
}

const RADIANS = Math.PI / 180;
const NARROWEST = 20;
const WIDEST = 100;
const STEEPEST = 88;
/** A strip lower than this is not enlarged until it fills the screen: some nothing above and below it is seen. */
const LEAST_SPAN = 45;

/** The unit vector towards a yaw (clockwise from the image centre) and a pitch (up from the horizon). */
export function direction(yaw: number, pitch: number): Vector {
  const across = Math.cos(pitch * RADIANS);
  return [Math.sin(yaw * RADIANS) * across, Math.sin(pitch * RADIANS), -Math.cos(yaw * RADIANS) * across];
}

/** The same angle within -180 to 180. */
export function wrapped(angle: number): number {
  return ((((angle + 180) % 360) + 360) % 360) - 180;
}

const between = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** A view with its yaw within -180 to 180 and its pitch and field of view within what can be shown. */
export function bounded(view: View): View {
  return { yaw: wrapped(view.yaw), pitch: between(view.pitch, -STEEPEST, STEEPEST), fov: between(view.fov, NARROWEST, WIDEST) };
}

/** The nearest view that shows nothing but what is known, as far as the shape of the screen allows that. */
export function kept(view: View, extent: Extent, aspect: number): View {
  const [across, down] = [extent.right - extent.left, extent.top - extent.bottom];
  const half = (span: number): number => Math.tan((Math.min(178, Math.max(span, LEAST_SPAN)) * RADIANS) / 2);
  const most = Math.min(half(down) * aspect ** 0.5, across < 359 ? half(across) / aspect ** 0.5 : Infinity);
  const fov = between(view.fov, NARROWEST, Math.max(NARROWEST, Math.min(WIDEST, (2 * Math.atan(most)) / RADIANS)));
  const f = focal({ ...view, fov }, aspect);
  const [wide, high] = [Math.atan(aspect / f) / RADIANS, Math.atan(1 / f) / RADIANS];
  const lowest = extent.bottom <= -STEEPEST ? -STEEPEST : extent.bottom + high;
  const highest = extent.top >= STEEPEST ? STEEPEST : extent.top - high;
  const pitch = lowest > highest ? (lowest + highest) / 2 : between(view.pitch, lowest, highest);
  const [centre, room] = [(extent.left + extent.right) / 2, Math.max(0, across / 2 - wide)];
  const yaw = across < 359 ? wrapped(centre + between(wrapped(view.yaw - centre), -room, room)) : wrapped(view.yaw);
  return { yaw, pitch, fov };
}

/** The rotation from the sphere into the eye's frame, as rows of a 3 by 3 matrix. */
export function rotation(view: Pick<View, "yaw" | "pitch">): Rows {
  const [a, b] = [Math.cos(view.yaw * RADIANS), Math.sin(view.yaw * RADIANS)];
  const [c, d] = [Math.cos(view.pitch * RADIANS), Math.sin(view.pitch * RADIANS)];
  return [
    [a, 0, b],
    [-b * d, c, a * d],
    [-b * c, -d, a * c],
  ];
}

export function turned(rows: Rows, v: Vector): Vector {
  const dot = (row: Vector): number => row[0] * v[0] + row[1] * v[1] + row[2] * v[2];
  return [dot(rows[0]), dot(rows[1]), dot(rows[2])];
}

/** How many half-heights of the screen one unit at distance one covers. `fov` is the angle across a square of the screen's area. */
export function focal(view: View, aspect: number): number {
  return aspect ** 0.5 / Math.tan((view.fov * RADIANS) / 2);
}

/** The angle from the left edge of the screen to the right one. */
export function spanned(view: View, aspect: number): number {
  return (2 * Math.atan(aspect / focal(view, aspect))) / RADIANS;
}

/** Where a direction lands on the screen, -1 to 1 from left to right and bottom to top; `ahead` is false behind the eye. */
export function projected(view: View, aspect: number, v: Vector): { x: number; y: number; ahead: boolean } {
  const [x, y, z] = turned(rotation(view), v);
  const f = focal(view, aspect);
  return { x: (-x / z) * (f / aspect), y: (-y / z) * f, ahead: z < 0 };
}

/** The angle between two bearings, 0 to 180. */
export function apart(one: number, other: number): number {
  return Math.abs(wrapped(one - other));
}
