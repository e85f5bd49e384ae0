/** How much a device bears. Decided once; a visitor may ask for more. */

export type Class = "light" | "full";

/** Phones, small memories and few cores get the light class; where a browser does not tell its memory, the cores decide. */
export function deviceClass(): Class {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 2 * (navigator.hardwareConcurrency || 2);
  const isHeldInAHand = window.matchMedia("(pointer: coarse)").matches;
  return isHeldInAHand || gigabytes <= 4 || (navigator.hardwareConcurrency || 2) <= 2 ? "light" : "full";
}

export function drawsThreeDimensions(): boolean {
  return document.createElement("canvas").getContext("webgl2") !== null;
}

export function isPointerCoarse(): boolean {
  return window.matchMedia("(pointer: coarse)").matches;
}

export function prefersCalm(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
