/**
 * Lengths and areas between places that are known only so well.
 *
 * Propagation as in JCGM 100:2008 (GUM), 5.1.2, with places independent of each other and each as uncertain in every direction.
 * What is not known stays not known: it is never taken for nought.
 */

import type { Vector3 } from "three";

import type { Picked } from "./thing";

export type Kind = "distance" | "height" | "area";

/** In the unit of the thing's own frame. ``least`` where the accuracy of the survey itself is not known: the uncertainty is at least that. */
export interface Measured {
  kind: Kind;
  value: number;
  uncertainty: number | null;
  isLeast: boolean;
}

export const NEEDED: Record<Kind, number> = { distance: 2, height: 2, area: 3 };

export function measured(kind: Kind, places: readonly Picked[], accuracy: number | null): Measured {
  const points = places.map(({ place }) => place);
  const doubts = places.map(({ blur }) => Math.hypot(blur, accuracy ?? 0));
  const value = kind === "area" ? areaOf(points) : lengthOf(kind, points);
  const uncertainty = kind === "area" ? doubtOfArea(points, doubts) : Math.hypot(doubts[0] ?? 0, doubts[1] ?? 0);
  return { kind, value, uncertainty: uncertainty > 0 ? uncertainty : null, isLeast: accuracy === null };
}

function lengthOf(kind: Kind, [from, to]: readonly Vector3[]): number {
  if (!from || !to) return 0;
  return kind === "height" ? Math.abs(to.y - from.y) : from.distanceTo(to);
}

/** Twice the area of a polygon as a vector: its corners need not lie in a plane; what counts is its shadow on the plane that fits it. */
function doubled(points: readonly Vector3[]): Vector3 {
  const origin = points[0]!;
  return points.reduce((sum, point, i) => {
    const next = points[(i + 1) % points.length]!;
    return sum.add(point.clone().sub(origin).cross(next.clone().sub(origin)));
  }, origin.clone().set(0, 0, 0));
}

function areaOf(points: readonly Vector3[]): number {
  return points.length < NEEDED.area ? 0 : doubled(points).length() / 2;
}

/** A corner that moves changes the area by half the diagonal across it, at most, times the way it moves. */
function doubtOfArea(points: readonly Vector3[], doubts: readonly number[]): number {
  const parts = points.map((_, i) => {
    const [before, after] = [points[(i + points.length - 1) % points.length]!, points[(i + 1) % points.length]!];
    return ((doubts[i] ?? 0) * before.distanceTo(after)) / 2;
  });
  return Math.hypot(...parts);
}
