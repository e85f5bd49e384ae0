/** `#c=px,py,pz,tx,ty,tz`: a link to an exact view of something in space. */

const TURN = 360;

/** Place and target of the camera that an address names; null where it names none. */
export function sharedView(hash: string): number[] | null {
  const numbers = /^#c=(.+)$/.exec(hash)?.[1]?.split(",").map(Number) ?? [];
  return numbers.length === 6 && numbers.every(Number.isFinite) ? numbers : null;
}

/**
 * Degrees by which a camera stands further round, clockwise seen from above, than the first of the pictures from all sides; null where
 * nobody noted from where that one is seen (degrees counter-clockwise from +x).
 */
export function sideOf([px = 0, , pz = 0, tx = 0, , tz = 0]: number[], first: number | undefined): number | null {
  if (first === undefined) return null;
  const azimuth = (Math.atan2(tz - pz, px - tx) * 180) / Math.PI;
  return (((first - azimuth) % TURN) + TURN) % TURN;
}
