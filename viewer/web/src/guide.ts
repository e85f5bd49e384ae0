/** A guided walk: keeps the visitor's place, shows captions, and goes on by itself only while the visitor wants that. */

import "./language?guide";

const GOES_ON = "ditich-goes-on";
const PACE = 14;
const SHORTEST = 8;
const place = (guide: string): string => `ditich-guide-${guide}`;

/** Storage may be forbidden: then nothing is remembered, and nothing breaks. */
function kept(store: () => Storage, key: string, value?: string | null): string | null {
  try {
    if (value === null) store().removeItem(key);
    else if (value !== undefined) store().setItem(key, value);
    return store().getItem(key);
  } catch {
    return null;
  }
}

function offerPlace(link: HTMLAnchorElement): void {
  const number = Number(kept(() => localStorage, place(link.dataset["resume"] ?? "")));
  if (!(number > 1)) return;
  link.href = `${link.dataset["base"]}/${number}`;
  const words = link.querySelector("span");
  if (words) words.textContent = (link.dataset["words"] ?? "").replace("{number}", String(number));
  link.hidden = false;
}

/** Browsers show no captions on sound alone: the words appear below it as they are spoken. */
function caption(audio: HTMLAudioElement): void {
  const line = audio.parentElement?.querySelector<HTMLElement>(".caption");
  const track = audio.textTracks[0];
  if (!line || !track) return;
  track.mode = "hidden";
  audio.addEventListener("play", () => (line.hidden = false), { once: true });
  track.addEventListener("cuechange", () => {
    const cues = [...(track.activeCues ?? [])] as VTTCue[];
    line.textContent = cues.map((cue) => cue.getCueAsHTML().textContent).join(" ");
  });
}

class GoingOn {
  private waiting = 0;
  private leaving = false;

  constructor(
    private readonly step: HTMLElement,
    private readonly control: HTMLElement,
    private readonly toggle: HTMLInputElement,
  ) {
    control.hidden = false;
    toggle.addEventListener("change", () => (toggle.checked ? this.go() : this.halt("")));
    for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
      window.addEventListener(kind, (event) => this.interrupted(event), { capture: true, passive: true });
    }
    document.addEventListener("visibilitychange", () => document.hidden && this.pause());
    if (kept(() => sessionStorage, GOES_ON) === "yes") {
      toggle.checked = true;
      this.go();
    }
  }

  private go(): void {
    kept(() => sessionStorage, GOES_ON, "yes");
    if (!this.step.dataset["next"]) return this.halt("end");
    this.say("soon");
    const audio = this.step.querySelector("audio");
    if (!audio || audio.ended) return this.read();
    audio.addEventListener("ended", () => this.leave(), { once: true });
    void audio.play().catch(() => this.read());
  }

  /** Without sound: as long as the words take to read. */
  private read(): void {
    const length = this.step.querySelector<HTMLElement>(".told")?.innerText.length ?? 0;
    this.waiting = window.setTimeout(() => this.leave(), 1000 * Math.max(SHORTEST, length / PACE));
  }

  private leave(): void {
    const next = this.step.dataset["next"];
    if (!next || !this.toggle.checked || document.hidden) return;
    this.leaving = true;
    location.assign(next);
  }

  private interrupted(event: Event): void {
    const target = event.target as Element | null;
    const isOwn = target === this.toggle || target?.closest?.("label")?.contains(this.toggle);
    if (isOwn && !(event instanceof KeyboardEvent && event.key !== " ")) return;
    this.pause();
  }

  private pause(): void {
    if (this.toggle.checked && !this.leaving) this.halt("paused");
  }

  private halt(word: string): void {
    window.clearTimeout(this.waiting);
    kept(() => sessionStorage, GOES_ON, null);
    this.toggle.checked = false;
    if (!word) this.step.querySelector("audio")?.pause();
    this.say(word);
  }

  private say(word: string): void {
    const line = this.control.querySelector("[role=status]");
    if (line) line.textContent = word ? (this.control.dataset[word] ?? "") : "";
  }
}

const resume = document.querySelector<HTMLAnchorElement>("[data-resume]");
if (resume) offerPlace(resume);
const step = document.querySelector<HTMLElement>("[data-guide]");
if (step) {
  const last = !step.dataset["next"];
  kept(() => localStorage, place(step.dataset["guide"] ?? ""), last ? null : (step.dataset["number"] ?? ""));
  step.querySelectorAll("audio").forEach(caption);
  const control = step.querySelector<HTMLElement>(".auto");
  const toggle = control?.querySelector("input");
  if (control && toggle) new GoingOn(step, control, toggle);
}
