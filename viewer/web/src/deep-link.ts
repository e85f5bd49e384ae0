/** `#v=yaw,pitch,fov`: a link to an exact view. */

import { type View, bounded } from "./angles";

/** The view that the address names, else the other one. */
export function fromHash(otherwise: View): View {
  const numbers = /^#v=(-?[\d.]+),(-?[\d.]+),([\d.]+)$/.exec(location.hash)?.slice(1).map(Number);
  const [yaw, pitch, fov] = numbers ?? [];
  if (yaw === undefined || pitch === undefined || fov === undefined || ![yaw, pitch, fov].every(Number.isFinite)) return otherwise;
  return bounded({ yaw, pitch, fov });
}

/** Write the view into the address, in the place of the one that stood there. */
export function toHash({ yaw, pitch, fov }: View): void {
  history.replaceState(history.state, "", `#v=${yaw.toFixed(1)},${pitch.toFixed(1)},${fov.toFixed(0)}`);
}
