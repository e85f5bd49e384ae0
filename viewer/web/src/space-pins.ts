/** Pins at places of a mesh or cloud: they follow the camera, and those that something stands before are dim. */

import { Vector3 } from "three";

import { Notes, type Pin } from "./notes";
import { onCanvas } from "./overlay";
import type { Room } from "./room";
import type { PinPlace, Thing } from "./thing";

const REST = 250;
/** Something stands before a pin where it is nearer by more than this share of the way. */
const BEFORE = 0.03;
const CLOSE_BY = 3;

export function pinThings(room: Room, thing: Thing, places: readonly PinPlace[], words: Record<string, string>): void {
  if (!places.length) return;
  const pins: (Pin & { spot: Vector3; isBehind: boolean })[] = places.map((pin) => ({ ...pin, spot: new Vector3().fromArray(pin.place), isBehind: false }));
  const notes = new Notes(room.stage, pins, words, (pin) => room.lookAt(pin.spot));
  const follow = (): void => pins.forEach((pin) => notes.place(pin, inside(room, onCanvas(room, pin.spot)), pin.isBehind));
  let timer = 0;
  room.followers.push(() => {
    follow();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const pin of pins) pin.isBehind = isHidden(room, thing, pin.spot);
      follow();
    }, REST);
  });
}

function inside(room: Room, at: { x: number; y: number } | null): { x: number; y: number } | null {
  return at && at.x >= 0 && at.y >= 0 && at.x <= room.canvas.clientWidth && at.y <= room.canvas.clientHeight ? at : null;
}

function isHidden(room: Room, thing: Thing, spot: Vector3): boolean {
  const at = inside(room, onCanvas(room, spot));
  const hit = at && thing.pick(at.x, at.y, CLOSE_BY);
  const eye = room.camera.position;
  return Boolean(hit && hit.place.distanceTo(eye) < spot.distanceTo(eye) * (1 - BEFORE));
}
