/** Which tiles of a panorama's pyramid a view needs, fetched a few at a time and forgotten when memory is short. */

import { type View, direction, focal, rotation, turned } from "./angles";
import type { Patch, Piece, Sphere } from "./sphere";

export interface Crop {
  full_width: number;
  full_height: number;
  left: number;
  top: number;
}

export interface Source {
  /** First views, best format first: always the whole sphere. */
  first: string[];
  /** Address of the IIIF image service. */
  image: string;
  tile: number;
  levels: [number, number][];
  crop: Crop | null;
}

interface Tile {
  key: string;
  address: string;
  patch: Patch;
  urgency: number;
}

const AT_ONCE = 6;
/** Degrees between the points of a tile that are tried: a tile is seen where one of them is. */
const GRAIN = 4;

export class Tiles {
  private readonly loaded = new Map<string, Piece>();
  private readonly waiting = new Set<string>();
  private readonly refused = new Set<string>();
  private needed: Tile[] = [];
  private closed = false;

  constructor(
    private readonly source: Source,
    private readonly sphere: Sphere,
    private readonly gl: WebGL2RenderingContext,
    private readonly changed: () => void,
    private readonly most = memoryShare(),
  ) {}

  /** How many tiles are still to come for the last view. */
  get missing(): number {
    return this.needed.filter((tile) => !this.loaded.has(tile.key) && !this.refused.has(tile.key)).length;
  }

  /** The tiles at hand for this view, coarse first; asks for those that are not. */
  pieces(view: View): Piece[] {
    const { width, height } = this.gl.canvas;
    this.needed = wanted(this.source, view, width / height, height);
    this.fetchSome();
    const pieces: Piece[] = [];
    for (const tile of this.needed) {
      const piece = this.loaded.get(tile.key);
      if (!piece) continue;
      this.loaded.delete(tile.key);
      this.loaded.set(tile.key, piece);
      pieces.push(piece);
    }
    this.forgetSome();
    return pieces;
  }

  close(): void {
    this.closed = true;
    for (const { texture } of this.loaded.values()) this.gl.deleteTexture(texture);
    this.loaded.clear();
  }

  private fetchSome(): void {
    const next = this.needed
      .filter((tile) => !this.loaded.has(tile.key) && !this.waiting.has(tile.key) && !this.refused.has(tile.key))
      .sort((one, other) => one.urgency - other.urgency);
    for (const tile of next.slice(0, AT_ONCE - this.waiting.size)) void this.fetchOne(tile);
  }

  private async fetchOne(tile: Tile): Promise<void> {
    this.waiting.add(tile.key);
    try {
      const picture = await fetchPicture(tile.address);
      if (this.closed) return picture.close();
      this.loaded.set(tile.key, { texture: this.sphere.texture(picture, false), patch: tile.patch });
    } catch {
      this.refused.add(tile.key);
      window.setTimeout(() => this.refused.delete(tile.key), 4000);
    } finally {
      this.waiting.delete(tile.key);
      if (!this.closed) this.changed();
    }
  }

  private forgetSome(): void {
    const kept = new Set(this.needed.map((tile) => tile.key));
    for (const [key, piece] of this.loaded) {
      if (this.loaded.size <= this.most) return;
      if (kept.has(key)) continue;
      this.gl.deleteTexture(piece.texture);
      this.loaded.delete(key);
    }
  }
}

/** A picture as a bitmap, decoded off the main thread. */
export async function fetchPicture(address: string): Promise<ImageBitmap> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return createImageBitmap(await answer.blob(), { colorSpaceConversion: "none", premultiplyAlpha: "none" });
}

/** Tiles of 512 pixels cost 1.3 MB each with their smaller copies: a phone keeps fewer. */
function memoryShare(): number {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
  return gigabytes <= 2 ? 32 : gigabytes <= 4 ? 64 : 128;
}

/** The tiles that a view needs: of the level that is just sharp enough, and of one two steps coarser to bridge the wait. */
export function wanted(source: Source, view: View, aspect: number, height: number): Tile[] {
  const levels = [...source.levels].sort((one, other) => one[0] - other[0]);
  const full = levels.at(-1);
  if (!full) return [];
  const whole = source.crop ?? { full_width: full[0], full_height: full[1], left: 0, top: 0 };
  const pixelsPerTurn = Math.PI * focal(view, aspect) * height;
  const sharp = levels.findIndex((level) => (level[0] / full[0]) * whole.full_width >= pixelsPerTurn * 0.85);
  const best = sharp < 0 ? levels.length - 1 : sharp;
  const numbers = best - 2 > 0 ? [best - 2, best] : [best];
  return numbers.flatMap((number, step) => {
    const level = levels[number];
    return level ? visible(source, whole, full, level, view, aspect, step) : [];
  });
}

function visible(
  source: Source, whole: Crop, full: [number, number], level: [number, number], view: View, aspect: number, step: number,
): Tile[] {
  const scale = 2 ** Math.round(Math.log2(full[0] / level[0]));
  const reach = source.tile * scale;
  const rows = rotation(view);
  const f = focal(view, aspect);
  const found: Tile[] = [];
  for (let y = 0; y < full[1]; y += reach) {
    for (let x = 0; x < full[0]; x += reach) {
      const [w, h] = [Math.min(reach, full[0] - x), Math.min(reach, full[1] - y)];
      const patch: Patch = [(whole.left + x) / whole.full_width, (whole.top + y) / whole.full_height, w / whole.full_width, h / whole.full_height];
      const distance = nearest(patch, rows, f, aspect);
      if (distance === null) continue;
      const size = `${Math.ceil(w / scale)},${Math.ceil(h / scale)}`;
      const address = `${source.image}/${x},${y},${w},${h}/${size}/0/default.jpg`;
      found.push({ key: `${scale}/${x}/${y}`, address, patch, urgency: step * 100 + distance });
    }
  }
  return found;
}

/** How far from the middle of the screen a patch begins to be seen; null where it is not. */
function nearest(patch: Patch, rows: ReturnType<typeof rotation>, f: number, aspect: number): number | null {
  let best: number | null = null;
  const [columns, lines] = [Math.ceil((patch[2] * 360) / GRAIN), Math.ceil((patch[3] * 180) / GRAIN)];
  for (let j = 0; j <= lines; j++) {
    for (let i = 0; i <= columns; i++) {
      const yaw = (patch[0] + (patch[2] * i) / columns - 0.5) * 360;
      const pitch = (0.5 - patch[1] - (patch[3] * j) / lines) * 180;
      const [sx, sy, sz] = turned(rows, direction(yaw, pitch));
      if (sz >= -0.02) continue;
      const [px, py] = [Math.abs((sx / -sz) * (f / aspect)), Math.abs((sy / -sz) * f)];
      if (px < 1.2 && py < 1.2) best = Math.min(best ?? Infinity, px * px + py * py);
    }
  }
  return best;
}
