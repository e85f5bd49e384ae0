/** The pyramid of a panorama, as an IIIF image service has it, and which of its tiles a view needs. */

import { type Extent, type Vector, type View, direction, focal, rotation, turned } from "./angles";
import type { Patch } from "./sphere";

/** What part of a sphere is known, in pixels of the pyramid. */
export interface Crop {
  full_width: number;
  full_height: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Source {
  /** First views, best format first: always the whole sphere. */
  first: string[];
  /** Address of the IIIF image service. */
  image: string;
  tile: number;
  levels: [number, number][];
  /** Whether every tile is there as AVIF too. */
  avif: boolean;
  crop: Crop | null;
}

export interface Tile {
  key: string;
  /** Address without the ending that names the format. */
  address: string;
  patch: Patch;
  urgency: number;
}

/** Pixels around from which a level shows more than the first view (1024) does, so that it is worth bridging a wait with. */
const BRIDGE = 2000;
/** A level is sharp enough from this share of the screen's pixels on. */
const SHARP = 0.85;
/** How far beyond the edge of the screen a tile is still asked for. */
const EDGE = 1.04;
/** How many points per field of view are tried along a tile: it is seen where one of them is. */
const GRAIN = 16;
/** Degrees that the corners of a widest view lie beyond its edges: more than any projection bends. */
const SLACK = 1.5;

/** The known part in shares of the sphere. */
export function patchOf({ crop }: Source): Patch {
  if (!crop) return [0, 0, 1, 1];
  const { full_width: w, full_height: h } = crop;
  return [crop.left / w, crop.top / h, crop.width / w, crop.height / h];
}

/** The known part in degrees. */
export function extentOf(source: Source): Extent {
  const [x, y, w, h] = patchOf(source);
  return { left: (x - 0.5) * 360, right: (x + w - 0.5) * 360, top: (0.5 - y) * 180, bottom: (0.5 - y - h) * 180 };
}

/** The tiles that a view needs: of the level that is just sharp enough, and of one two steps coarser to bridge the wait. */
export function wanted(source: Source, view: View, aspect: number, height: number): Tile[] {
  const levels = [...source.levels].sort((one, other) => one[0] - other[0]);
  const full = levels.at(-1);
  if (!full) return [];
  const whole = source.crop?.full_width ?? full[0];
  const widths = levels.map((level) => (level[0] / full[0]) * whole);
  const pixelsPerTurn = Math.PI * focal(view, aspect) * height;
  const sharp = widths.findIndex((width) => width >= pixelsPerTurn * SHARP);
  const best = sharp < 0 ? levels.length - 1 : sharp;
  const steps = (widths[best - 2] ?? 0) > BRIDGE ? [best - 2, best] : [best];
  return steps.flatMap((number, step) => visible(source, full, levels.length - 1 - number, view, aspect, step));
}

/** The tiles of one level that are seen, addressed as section 5.4 of the Image API 3.0 wants ("scaleFactors"). */
function visible(source: Source, full: [number, number], power: number, view: View, aspect: number, step: number): Tile[] {
  const scale = 2 ** power;
  const reach = source.tile * scale;
  const [left, top, wide, high] = patchOf(source);
  const found: Tile[] = [];
  for (let y = 0; y < full[1]; y += reach) {
    for (let x = 0; x < full[0]; x += reach) {
      const [w, h] = [Math.min(reach, full[0] - x), Math.min(reach, full[1] - y)];
      const patch: Patch = [left + (x / full[0]) * wide, top + (y / full[1]) * high, (w / full[0]) * wide, (h / full[1]) * high];
      const distance = nearest(patch, view, aspect);
      if (distance === null) continue;
      const size = `${Math.ceil(w / scale)},${Math.ceil(h / scale)}`;
      const address = `${source.image}/${x},${y},${w},${h}/${size}/0/default`;
      found.push({ key: `${scale}/${x / reach}/${y / reach}`, address, patch, urgency: step * 100 + distance });
    }
  }
  return found;
}

/** How far from the middle of the screen a patch begins to be seen, in half-screens squared; null where it is not. */
function nearest(patch: Patch, view: View, aspect: number): number | null {
  const f = focal(view, aspect);
  const rows = rotation(view);
  const towards = (x: number, y: number): Vector => turned(rows, direction((patch[0] + patch[2] * x - 0.5) * 360, (0.5 - patch[1] - patch[3] * y) * 180));
  const corner = Math.atan(Math.hypot(1, aspect) / f);
  if (-towards(0.5, 0.5)[2] < Math.cos(Math.min(Math.PI, corner + Math.PI * Math.hypot(patch[2], patch[3] / 2) * SLACK))) return null;
  const grain = view.fov / GRAIN;
  const [columns, lines] = [Math.ceil((patch[2] * 360) / grain), Math.ceil((patch[3] * 180) / grain)];
  let best: number | null = null;
  for (let j = 0; j <= lines; j++) {
    for (let i = 0; i <= columns; i++) {
      const [x, y, z] = towards(i / columns, j / lines);
      if (z >= -0.02) continue;
      const [px, py] = [Math.abs((x / -z) * (f / aspect)), Math.abs((y / -z) * f)];
      if (px < EDGE && py < EDGE) best = Math.min(best ?? Infinity, px * px + py * py);
    }
  }
  return best;
}
