/** A panorama that can be drawn: its first view at hand, its tiles on their way. */

import type { View } from "./angles";
import { type Source, patchOf } from "./pyramid";
import type { Piece, Sphere } from "./sphere";
import { Tiles, fetchPicture } from "./tiles";

export interface Config extends Source {
  heading: number | null;
  view: [number, number, number];
}

export interface Shown {
  config: Config;
  pieces(view: View, width: number, height: number): Piece[];
  tiles: Tiles;
}

/** Fetch the first of these pictures that this browser can decode, and make it a sphere that tiles are laid over. */
export async function shownOf(config: Config, first: readonly string[], sphere: Sphere, gl: WebGL2RenderingContext, changed: () => void): Promise<Shown> {
  const [picture, address] = await firstPicture(first);
  const patch = patchOf(config);
  const base: Piece = { texture: sphere.texture(picture, patch[2] === 1), patch, part: patch };
  const tiles = new Tiles(config, sphere, gl, isModern(address), changed);
  return { config, tiles, pieces: (view, width, height) => [base, ...tiles.pieces(view, width, height)] };
}

/**
 * These pictures in the order to ask for them. Which one the browser chose for the still says whether it knows the better format, so that
 * nothing is fetched that it cannot read.
 */
export function inOrder(addresses: readonly string[], still: HTMLImageElement | null): readonly string[] {
  return still?.currentSrc && !isModern(still.currentSrc) ? [...addresses].reverse() : addresses;
}

function isModern(address: string): boolean {
  return address.endsWith(".avif");
}

async function firstPicture(addresses: readonly string[]): Promise<[ImageBitmap, string]> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return [await fetchPicture(address), address];
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
