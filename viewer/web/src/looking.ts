/** Says where one sees the thing from, once the view has come to rest. */

import { Spherical } from "three";

import type { Room } from "./room";

const REST = 500;
/** Degrees from straight above: up to so many one looks from above, from a little above, and so on. */
const HEIGHTS: [number, string][] = [[40, "above"], [77, "raised"], [100, "level"], [180, "below"]];

/** ``sides``: eight words, from the front (or south) on, counterclockwise seen from above, as one walks round to the right. */
export function sayWhereFrom(room: Room, sides: readonly string[], words: Record<string, string>, say: (sentence: string) => void): void {
  let timer = 0;
  let last = "";
  room.followers.push(() => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const sentence = whereFrom(room, sides, words);
      if (last && sentence !== last) say(sentence);
      last = sentence;
    }, REST);
  });
}

function whereFrom(room: Room, sides: readonly string[], words: Record<string, string>): string {
  const { theta, phi } = new Spherical().setFromVector3(room.camera.position.clone().sub(room.orbit.target));
  const side = sides[(Math.round((theta / Math.PI) * 4) + 8) % 8] ?? "";
  const [, height] = HEIGHTS.find(([most]) => (phi * 180) / Math.PI <= most) ?? [0, "below"];
  return (words["seen"] ?? "").replace("{side}", side).replace("{height}", words[height] ?? "");
}
