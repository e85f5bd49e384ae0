/** Says where one looks: to the eye by the needle of a compass, to the ear when the view has come to rest. */

import { apart, wrapped } from "./angles";

const COMPASS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
const SIDES = ["ahead_yaw", "right_yaw", "behind_yaw", "left_yaw"];
/** Degrees to either side within which a way lies ahead. */
const AHEAD = 40;

export type Words = Readonly<Record<string, string>>;

export class Facing {
  private readonly compass: HTMLElement | null;
  private readonly needle: SVGElement | null;
  private readonly written: HTMLElement | null;
  private readonly live: HTMLElement | null;
  private said = "";

  constructor(stage: HTMLElement, private readonly words: Words) {
    this.compass = stage.querySelector(".stage-compass");
    this.needle = stage.querySelector(".needle");
    this.written = stage.querySelector(".bearing");
    this.live = stage.querySelector("[data-live]");
  }

  /** Turn the needle; without a bearing there is no compass. */
  point(bearing: number | null): void {
    if (this.compass) this.compass.hidden = bearing === null;
    if (bearing === null) return;
    if (this.needle) this.needle.style.transform = `rotate(${(-bearing).toFixed(1)}deg)`;
    const degrees = `${Math.round(bearing) % 360}°`;
    if (this.written && this.written.textContent !== degrees) this.written.textContent = degrees;
  }

  /** Say what lies ahead; nothing where that is what was said last. */
  tell(yaw: number, bearing: number | null, ways: readonly HTMLElement[]): void {
    const steps = (angle: number, names: string[]): string => names[((Math.round((angle * names.length) / 360) % names.length) + names.length) % names.length] ?? "";
    const side = bearing === null ? steps(wrapped(yaw), SIDES) : steps(bearing, COMPASS);
    const exits = ways.filter((way) => way.dataset["yaw"] && apart(Number(way.dataset["yaw"]), yaw) < AHEAD).map(nameOf);
    const facing = this.sentence("facing", "direction", this.words[side] ?? "");
    const ahead = exits.length ? this.sentence("ahead", "exits", exits.join(", ")) : (this.words["noExit"] ?? "");
    const sentence = ways.length ? `${facing} ${ahead}` : facing;
    if (sentence !== this.said) this.say(sentence);
    this.said = sentence;
  }

  say(sentence: string): void {
    if (this.live) this.live.textContent = sentence;
  }

  private sentence(name: string, place: string, value: string): string {
    return (this.words[name] ?? "").replace(`{${place}}`, value);
  }
}

/** What a way is called, without what else is written on it. */
export function nameOf(way: HTMLElement): string {
  return (way.querySelector(".way-name") ?? way).textContent?.trim() ?? "";
}
