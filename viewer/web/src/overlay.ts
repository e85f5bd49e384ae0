/** Lines, dots and numbers over the canvas, at places of the space: SVG, so that no plane cuts them and every theme can draw them. */

import { Vector3 } from "three";

import type { Room } from "./room";

export interface Figure {
  places: Vector3[];
  isClosed: boolean;
  text: string;
}

const SVG = "http://www.w3.org/2000/svg";

export function inSvg<Name extends keyof SVGElementTagNameMap>(name: Name, attributes: Record<string, string> = {}): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** Where a place stands on the canvas in CSS pixels; null behind the camera. */
export function onCanvas(room: Room, place: Vector3): { x: number; y: number } | null {
  const seen = place.clone().project(room.camera);
  if (seen.z > 1 || seen.z < -1) return null;
  return { x: ((seen.x + 1) * room.canvas.clientWidth) / 2, y: ((1 - seen.y) * room.canvas.clientHeight) / 2 };
}

/** Draws the figures that ``figures`` gives, again with every frame. */
export function overlay(room: Room, figures: () => readonly Figure[]): void {
  const sheet = inSvg("svg", { class: "figures", "aria-hidden": "true" });
  room.canvas.after(sheet);
  room.followers.push(() => sheet.replaceChildren(...figures().flatMap((figure) => drawn(room, figure))));
}

function drawn(room: Room, { places, isClosed, text }: Figure): SVGElement[] {
  const points = places.map((place) => onCanvas(room, place)).filter((point) => point !== null);
  const line = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  const parts: SVGElement[] = points.length > 1 ? [inSvg(isClosed ? "polygon" : "polyline", { points: line })] : [];
  parts.push(...points.map(({ x, y }) => inSvg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: "5" })));
  if (text && points.length > 1) {
    const middle = (axis: "x" | "y"): string => (points.reduce((sum, point) => sum + point[axis], 0) / points.length).toFixed(1);
    const words = inSvg("text", { x: middle("x"), y: middle("y"), dy: "-10" });
    words.textContent = text;
    parts.push(words);
  }
  return parts;
}
