/** The toolbar under a space: one tool open at a time, each with its panel; switches, more detail, and the link to this view. */

import { Vector3 } from "three";

import type { CloudThing } from "./cloud";
import { Measuring } from "./measure";
import type { Room } from "./room";
import { Section } from "./section";
import { sharedView } from "./shared-view";
import type { SpaceConfig, Thing } from "./thing";

type Words = Record<string, string>;
interface Tool {
  switch(isOn: boolean): void;
}

export function connectTools(bar: HTMLElement, room: Room, thing: Thing, config: SpaceConfig, words: Words, say: (sentence: string) => void): void {
  bar.hidden = false;
  const panel = (name: string): HTMLElement => bar.querySelector<HTMLElement>(`[data-panel="${name}"]`)!;
  const tools: Record<string, Tool> = {
    measure: new Measuring(room, thing, config, words, panel("measure"), say),
    section: new Section(room, panel("section")),
  };
  const toggle = (name: string, isOn: boolean): void => {
    for (const [other, tool] of Object.entries(tools)) {
      const isThis = other === name && isOn;
      // the cut stays when its panel closes for another tool: one measures inside what was cut open
      if (other !== "section" || other === name) tool.switch(isThis);
      panel(other).hidden = !isThis;
      bar.querySelector(`[data-tool="${other}"]`)?.setAttribute("aria-expanded", String(isThis));
    }
    if (!isOn) say("");
    else panel(name).scrollIntoView({ block: "nearest" });
  };
  for (const name of Object.keys(tools)) {
    const button = bar.querySelector<HTMLElement>(`[data-tool="${name}"]`);
    button?.addEventListener("click", () => toggle(name, button.getAttribute("aria-expanded") !== "true"));
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== "Escape" || panel(name).hidden || event.defaultPrevented) return;
      toggle(name, false);
      button?.focus();
    };
    panel(name).addEventListener("keydown", leave);
    if (name === "measure") room.canvas.addEventListener("keydown", leave);
  }
  connectDetail(bar, room, thing, say, words);
  connectShare(bar, room, say, words);
}

/** The switch of the shading: only where the thing has one. */
export function connectShading(bar: HTMLElement, cloud: CloudThing): void {
  const button = bar.querySelector<HTMLElement>("[data-shading]");
  if (!button) return;
  button.hidden = false;
  const show = (): void => button.setAttribute("aria-pressed", String(cloud.shading));
  show();
  button.addEventListener("click", () => {
    cloud.shade(!cloud.shading);
    show();
  });
}

function connectDetail(bar: HTMLElement, room: Room, thing: Thing, say: (sentence: string) => void, words: Words): void {
  const button = bar.querySelector<HTMLButtonElement>("[data-more]");
  if (!button || button.hidden) return;
  button.addEventListener("click", () => {
    button.disabled = true;
    say(words["loading"] ?? "");
    thing.refine("full").then(
      () => {
        room.canvas.focus({ preventScroll: true });
        button.hidden = true;
        say("");
      },
      () => {
        button.disabled = false;
        say(words["failed_more"] ?? "");
      },
    );
  });
}

function connectShare(bar: HTMLElement, room: Room, say: (sentence: string) => void, words: Words): void {
  const look = (): void => {
    const view = viewOf(location.hash);
    if (view) room.wish(view);
  };
  look();
  window.addEventListener("hashchange", look);
  bar.querySelector("[data-share]")?.addEventListener("click", () => {
    history.replaceState(null, "", hashOf(room));
    // no clipboard without a secure address: the address bar then holds the link
    const copied = navigator.clipboard?.writeText(location.href) ?? Promise.reject(new Error("no clipboard"));
    copied.then(() => say(words["copied"] ?? ""), () => say(words["in_bar"] ?? ""));
  });
}

function hashOf(room: Room): string {
  return `#c=${[...room.camera.position.toArray(), ...room.orbit.target.toArray()].map((value) => Number(value.toPrecision(5))).join(",")}`;
}

/** The place and target of a camera in an address, "#c=px,py,pz,tx,ty,tz"; null where there is none. */
function viewOf(hash: string): [Vector3, Vector3] | null {
  const numbers = sharedView(hash);
  return numbers && [new Vector3().fromArray(numbers), new Vector3().fromArray(numbers, 3)];
}
