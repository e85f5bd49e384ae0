/** Eight pictures from eight sides. Without script they are links; with it a slider and two buttons turn them, and a finger does. */

const PIXELS_A_STEP = 60;

/** ``side``: from how many degrees round something should be seen at first; null for the first picture. */
export function connectTurntable(frame: HTMLElement, words: Record<string, string>, side: number | null): void {
  const pictures = [...frame.querySelectorAll<HTMLElement>(".turn > figure")];
  const links = frame.querySelector<HTMLElement>(".turn-links");
  const slider = frame.querySelector<HTMLInputElement>("[data-turn]");
  if (pictures.length < 2 || !links || !slider) return;
  const stage = frame.querySelector<HTMLElement>(".stage")!;
  const show = (wanted: number): void => {
    const number = (wanted + pictures.length) % pictures.length;
    frame.classList.add("turned");
    pictures.forEach((picture, at) => picture.classList.toggle("shown", at === number));
    slider.value = String(number);
    slider.setAttribute("aria-valuetext", pictures[number]?.dataset["side"] ?? "");
    stage.dataset["turned"] = String(number);
  };
  links.hidden = true;
  slider.closest<HTMLElement>(".turn-slider")!.hidden = false;
  slider.setAttribute("aria-label", words["turn"] ?? "");
  slider.setAttribute("aria-valuetext", pictures[0]?.dataset["side"] ?? "");
  slider.addEventListener("input", () => show(Number(slider.value)));
  frame.querySelectorAll<HTMLElement>("[data-turn-by]").forEach((button) => button.addEventListener("click", () => show(Number(slider.value) + Number(button.dataset["turnBy"]))));
  const named = pictures.findIndex(({ id }) => `#${id}` === location.hash);
  if (named >= 0) show(named);
  else if (side !== null) show(Math.round((side * pictures.length) / 360));
  drag(stage, (steps, from) => show(from + steps), () => Number(slider.value));
}

function drag(stage: HTMLElement, turn: (steps: number, from: number) => void, now: () => number): void {
  let start: { x: number; at: number } | null = null;
  const surface = stage.querySelector<HTMLElement>(".turn");
  surface?.addEventListener("pointerdown", (event) => {
    start = { x: event.clientX, at: now() };
    surface.setPointerCapture(event.pointerId);
  });
  surface?.addEventListener("pointermove", (event) => {
    if (start) turn(Math.round((start.x - event.clientX) / PIXELS_A_STEP), start.at);
  });
  for (const end of ["pointerup", "pointercancel"]) surface?.addEventListener(end, () => (start = null));
}
