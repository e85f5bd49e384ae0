/** Tiles of a panorama at hand: fetched a few at a time, asked for again where the network failed, forgotten when memory is short. */

import type { View } from "./angles";
import { type Source, type Tile, wanted } from "./pyramid";
import type { Piece, Sphere } from "./sphere";

interface Kept extends Piece {
  octets: number;
}

const AT_ONCE = 6;
/** Milliseconds until a tile that did not come is asked for again; doubled each time. */
const PATIENCE = 1000;
const LONGEST = 30_000;
/** Bytes of a pixel in graphics memory, with its share of the smaller copies. */
const PIXEL = 4 * (4 / 3);

export class Tiles {
  private readonly loaded = new Map<string, Kept>();
  private readonly waiting = new Map<string, AbortController>();
  /** When a tile that did not come may be asked for again, and how often it did not come. */
  private readonly refused = new Map<string, [number, number]>();
  private needed: Tile[] = [];
  private octets = 0;
  private closed = false;
  private readonly again = (): void => {
    this.refused.clear();
    this.changed();
  };

  constructor(
    private readonly source: Source,
    private readonly sphere: Sphere,
    private readonly gl: WebGL2RenderingContext,
    /** Whether this browser decodes AVIF. */
    private readonly modern: boolean,
    private readonly changed: () => void,
    private readonly most = memoryShare(),
  ) {
    window.addEventListener("online", this.again);
  }

  /** How many tiles are still to come for the last view. */
  get missing(): number {
    return this.needed.filter((tile) => !this.loaded.has(tile.key)).length;
  }

  /** Bytes of graphics memory held. */
  get held(): number {
    return this.octets;
  }

  /** The tiles at hand for this view, coarse first; asks for those that are not. */
  pieces(view: View, width: number, height: number): Piece[] {
    // without AVIF a tile costs twice as much: then a pixel of the page is sharp enough, where a device has four for it
    const rows = this.modern && this.source.avif ? height : height / Math.max(1, pixelRatio());
    this.needed = wanted(this.source, view, width / height, rows);
    const keys = new Set(this.needed.map((tile) => tile.key));
    for (const [key, request] of this.waiting) if (!keys.has(key)) request.abort();
    this.fetchSome();
    const pieces: Piece[] = [];
    for (const { key } of this.needed) {
      const piece = this.loaded.get(key);
      if (!piece) continue;
      this.loaded.delete(key);
      this.loaded.set(key, piece);
      pieces.push(piece);
    }
    this.forgetSome(keys);
    return pieces;
  }

  close(): void {
    this.closed = true;
    window.removeEventListener("online", this.again);
    for (const request of this.waiting.values()) request.abort();
    for (const { texture } of this.loaded.values()) this.gl.deleteTexture(texture);
    this.loaded.clear();
  }

  private fetchSome(): void {
    const now = performance.now();
    const next = this.needed
      .filter(({ key }) => !this.loaded.has(key) && !this.waiting.has(key) && (this.refused.get(key)?.[0] ?? 0) <= now)
      .sort((one, other) => one.urgency - other.urgency);
    for (const tile of next.slice(0, Math.max(0, AT_ONCE - this.waiting.size))) void this.fetchOne(tile);
  }

  private async fetchOne({ key, address, patch }: Tile): Promise<void> {
    const request = new AbortController();
    this.waiting.set(key, request);
    const times = this.refused.get(key)?.[1] ?? 0;
    // what is not there as AVIF is there as JPEG
    const modern = this.modern && this.source.avif && times % 2 === 0;
    try {
      const picture = await fetchPicture(`${address}.${modern ? "avif" : "jpg"}`, request.signal);
      if (this.closed) return picture.close();
      const octets = picture.width * picture.height * PIXEL;
      this.loaded.set(key, { texture: this.sphere.texture(picture, false), patch, octets });
      this.octets += octets;
      this.refused.delete(key);
    } catch {
      if (this.closed || request.signal.aborted) return;
      const wait = modern ? 0 : Math.min(LONGEST, PATIENCE * 2 ** (times >> 1));
      this.refused.set(key, [performance.now() + wait, times + 1]);
      window.setTimeout(this.changed, wait + 20);
    } finally {
      if (this.waiting.get(key) === request) this.waiting.delete(key);
      if (!this.closed) this.changed();
    }
  }

  private forgetSome(keys: Set<string>): void {
    for (const [key, piece] of this.loaded) {
      if (this.octets <= this.most) return;
      if (keys.has(key)) continue;
      this.gl.deleteTexture(piece.texture);
      this.octets -= piece.octets;
      this.loaded.delete(key);
    }
  }
}

/** A picture as a bitmap, decoded off the main thread. */
export async function fetchPicture(address: string, signal: AbortSignal | null = null): Promise<ImageBitmap> {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return createImageBitmap(await answer.blob(), { colorSpaceConversion: "none", premultiplyAlpha: "none" });
}

/** Device pixels per pixel of the page that are worth their memory. */
export function pixelRatio(): number {
  return Math.min(window.devicePixelRatio, gigabytes() <= 2 ? 1.5 : 2);
}

/** Memory of the device. Browsers that do not tell (iPhones) get the middle. */
function gigabytes(): number {
  return (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
}

/** Bytes that tiles may take of this device's memory. */
function memoryShare(): number {
  const all = gigabytes();
  return (all <= 2 ? 40 : all <= 4 ? 80 : 160) * 2 ** 20;
}
