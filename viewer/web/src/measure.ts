/** Distance, height and area by tapping places, or by a cross in the middle and the Enter key; with how uncertain each is. */

import { type Figure, inSvg, overlay } from "./overlay";
import type { Room } from "./room";
import type { Picked, SpaceConfig, Thing } from "./thing";
import { type Kind, type Measured, measured, NEEDED } from "./uncertainty";

/** Farther than this from where it went down (pixels), or longer (milliseconds), a finger has turned the view and not tapped. */
const STILL = 7;
const QUICK = 600;

export class Measuring {
  private kind: Kind = "distance";
  private places: Picked[] = [];
  private readonly done: { figure: Figure; row: HTMLLIElement }[] = [];
  private readonly list: HTMLOListElement;
  private readonly cross = inSvg("svg", { class: "cross", viewBox: "-20 -20 40 40", "aria-hidden": "true" });
  private isOn = false;

  constructor(
    private readonly room: Room,
    private readonly thing: Thing,
    private readonly config: SpaceConfig,
    private readonly words: Record<string, string>,
    private readonly panel: HTMLElement,
    private readonly say: (sentence: string) => void,
  ) {
    this.list = panel.querySelector("ol")!;
    this.cross.append(inSvg("path", { d: "M-18 0H-5M5 0H18M0-18V-5M0 5V18" }));
    room.canvas.after(this.cross);
    overlay(room, () => this.figures());
    this.listen();
  }

  switch(isOn: boolean): void {
    this.isOn = isOn;
    this.places = [];
    this.cross.toggleAttribute("hidden", !isOn);
    this.room.canvas.classList.toggle("aiming", isOn);
    if (isOn) this.guide();
    this.room.ask();
  }

  private listen(): void {
    this.switch(false);
    const { canvas } = this.room;
    let down: PointerEvent | null = null;
    canvas.addEventListener("pointerdown", (event) => (down = event.isPrimary ? event : null));
    canvas.addEventListener("pointerup", (event) => {
      const isTap = down && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < STILL && event.timeStamp - down.timeStamp < QUICK;
      if (this.isOn && isTap && event.button === 0) this.mark(event.clientX - canvas.getBoundingClientRect().left, event.clientY - canvas.getBoundingClientRect().top);
    });
    canvas.addEventListener("keydown", (event) => {
      if (!this.isOn) return;
      const keys: Record<string, () => void> = { Enter: () => this.markMiddle(), Backspace: () => this.undo() };
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
    const acts: Record<string, () => void> = { point: () => this.markMiddle(), undo: () => this.undo(), finish: () => this.finish(), clear: () => this.clear() };
    this.panel.addEventListener("click", (event) => acts[(event.target as Element).closest<HTMLElement>("[data-measure]")?.dataset["measure"] ?? ""]?.());
    this.panel.addEventListener("change", (event) => {
      this.kind = (event.target as HTMLInputElement).value as Kind;
      this.places = [];
      this.guide();
      this.room.ask();
    });
  }

  private markMiddle(): void {
    this.mark(this.room.canvas.clientWidth / 2, this.room.canvas.clientHeight / 2);
  }

  private mark(x: number, y: number): void {
    const found = this.thing.pick(x, y);
    if (!found) return this.say(this.words["nothing"] ?? "");
    this.places.push(found);
    if (this.kind !== "area" && this.places.length === NEEDED[this.kind]) this.finish();
    else this.guide();
    this.room.ask();
  }

  private undo(): void {
    if (this.places.length) this.places.pop();
    else {
      const last = this.done.pop();
      last?.row.remove();
      this.tidy();
    }
    this.guide();
    this.room.ask();
  }

  private clear(): void {
    this.places = [];
    this.done.length = 0;
    this.list.replaceChildren();
    this.tidy();
    this.guide();
    this.room.ask();
  }

  private finish(): void {
    if (this.places.length < NEEDED[this.kind]) return this.guide();
    const result = measured(this.kind, this.places, this.config.accuracy);
    const row = document.createElement("li");
    const [value, doubt] = [document.createElement("strong"), document.createElement("span")];
    value.textContent = `${this.words[this.kind]}: ${this.valued(result)}`;
    doubt.textContent = this.doubted(result);
    row.append(value, " ", doubt);
    this.list.append(row);
    const isLong = !this.config.metres;
    this.done.push({ figure: this.figure(this.places, this.kind, this.valued(result).replace(isLong ? this.words["units"] ?? "" : "", "").trim()), row });
    this.places = [];
    this.tidy();
    this.say(`${value.textContent} ${doubt.textContent}`);
    this.room.ask();
  }

  /** What to do next. */
  private guide(): void {
    const name = this.kind === "area" && this.places.length >= NEEDED.area ? "closing" : this.places.length ? "next" : "start";
    this.say(this.words[name] ?? "");
    this.tidy();
  }

  private tidy(): void {
    this.panel.dataset["points"] = String(this.places.length);
    this.panel.querySelector('[data-measure="finish"]')?.toggleAttribute("hidden", this.kind !== "area" || this.places.length < NEEDED.area);
    this.panel.querySelector('[data-measure="undo"]')?.toggleAttribute("hidden", !this.places.length && !this.done.length);
    this.panel.querySelector('[data-measure="clear"]')?.toggleAttribute("hidden", !this.done.length);
    this.list.toggleAttribute("hidden", !this.done.length);
  }

  private figures(): Figure[] {
    const open = this.places.length ? [this.figure(this.places.slice(), this.kind, "")] : [];
    return [...this.done.map(({ figure }) => figure), ...open];
  }

  private figure(picked: Picked[], kind: Kind, text: string): Figure {
    const places = picked.map(({ place }) => place);
    const [from, to] = places;
    // a height is drawn as what it is: upright, and level to the other place
    if (kind === "height" && from && to) return { places: [from, from.clone().setY(to.y), to], isClosed: false, text };
    return { places, isClosed: kind === "area" && places.length >= NEEDED.area, text };
  }

  private valued({ kind, value, uncertainty }: Measured): string {
    return this.shown(value, kind === "area" ? 2 : 1, uncertainty);
  }

  private doubted({ kind, uncertainty, isLeast }: Measured): string {
    if (uncertainty === null) return this.words["unknown"] ?? "";
    const amount = this.shown(uncertainty, kind === "area" ? 2 : 1, uncertainty);
    return (isLeast ? (this.words["least"] ?? "") : "± {amount}").replace("{amount}", amount);
  }

  /** A length or area with as many decimals as its uncertainty bears: to its second figure. */
  private shown(value: number, power: 1 | 2, uncertainty: number | null): string {
    const scale = (this.config.metres || 1) ** power;
    const step = (uncertainty ?? value / 1000) * scale;
    const decimals = step > 0 ? Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(step)))) : 3;
    const number = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value * scale);
    const unit = this.config.metres ? "m" : (this.words["units"] ?? "");
    return `${number} ${unit}${power === 2 ? "²" : ""}`;
  }
}
