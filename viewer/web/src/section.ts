/** Cuts the thing open along one of its axes: a slider moves the cut, a button shows the other side. */

import { Plane, Vector3 } from "three";

import type { Room } from "./room";

const STEPS = 200;

export class Section {
  private axis: "x" | "y" | "z" = "y";
  private isFlipped = false;
  private isOn = false;
  private readonly slider: HTMLInputElement;

  constructor(private readonly room: Room, panel: HTMLElement) {
    this.slider = panel.querySelector<HTMLInputElement>('input[type="range"]')!;
    this.slider.max = String(STEPS);
    this.slider.value = String(STEPS * 0.6);
    panel.addEventListener("input", (event) => {
      const field = event.target as HTMLInputElement;
      if (field.type === "radio") this.axis = field.value as "x" | "y" | "z";
      this.cut();
    });
    panel.querySelector("[data-flip]")?.addEventListener("click", (event) => {
      this.isFlipped = !this.isFlipped;
      (event.currentTarget as Element).setAttribute("aria-pressed", String(this.isFlipped));
      this.cut();
    });
  }

  switch(isOn: boolean): void {
    this.isOn = isOn;
    this.cut();
  }

  private cut(): void {
    const { min, max } = this.room.box;
    // a little beyond either end, so that the ends of the slider show all and nothing
    const share = (Number(this.slider.value) / STEPS) * 1.04 - 0.02;
    const place = min[this.axis] + (max[this.axis] - min[this.axis]) * share;
    const normal = new Vector3();
    normal[this.axis] = this.isFlipped ? 1 : -1;
    this.room.stage.dataset["cut"] = this.isOn ? `${this.axis} ${place.toFixed(3)} ${this.isFlipped ? "+" : "-"}` : "";
    this.room.cut(this.isOn ? new Plane(normal, this.isFlipped ? -place : place) : null);
  }
}
