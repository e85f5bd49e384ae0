/** What a page says about the thing it shows in space, and what the tools need of a thing once it stands there. */

import type { Vector3 } from "three";

import type { Class } from "./device";
import type { Side } from "./first-view";

/** What one class of devices loads. ``octets`` with the program; ``points`` at most, of a cloud. */
export interface Share {
  address: string;
  octets: number;
  size: string;
  points: number;
}

export interface PinPlace {
  id: string;
  number: number;
  label: string;
  place: [number, number, number];
}

/** Lengths are in the unit of the thing's own frame; ``metres`` how many metres that is, 0 where nobody knows. */
export interface SpaceConfig {
  form: "mesh" | "cloud";
  first: string;
  light: Share;
  full: Share;
  focus: number[] | null;
  /** From where the poster and the first of the eight pictures are seen; null where that was not noted. */
  from: Side | null;
  metres: number;
  isOriented: boolean;
  accuracy: number | null;
  deviation: number | null;
  resolution: number | null;
  pins: PinPlace[];
}

/** A place on the thing that was pointed at, and how far off the true place it may be by the way the thing is drawn. */
export interface Picked {
  place: Vector3;
  blur: number;
}

export interface Thing {
  /** The place of the thing at a point of the canvas (CSS pixels), or null where there is none; of points, within ``reach`` pixels. */
  pick(x: number, y: number, reach?: number): Picked | null;
  /** Load as much as a class of devices bears. */
  refine(wanted: Class): Promise<void>;
  /** Whether the eye-dome shading is on; undefined where the thing has none. */
  shading?: boolean;
}
