/** The photo page: a plain picture until somebody wants to look closely; then OpenSeadragon over the IIIF service. */

import { fullScreen } from "./fullscreen";

const stage = document.querySelector<HTMLElement>("[data-zoom]");
const button = stage?.querySelector<HTMLButtonElement>("[data-open]");

async function open(stage: HTMLElement, address: string): Promise<void> {
  const words = JSON.parse(stage.dataset["words"] ?? "{}") as Record<string, string>;
  const say = (sentence: string): void => {
    const live = stage.querySelector("[data-live]");
    if (live) live.textContent = sentence;
  };
  const { default: OpenSeadragon } = await import("openseadragon");
  const frame = document.createElement("div");
  frame.className = "deep";
  stage.querySelector(".stage-still")?.after(frame);
  const viewer = OpenSeadragon({
    element: frame,
    tileSources: address,
    showNavigationControl: false,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    maxZoomPixelRatio: 3,
    visibilityRatio: 0.6,
    animationTime: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 0.6,
    crossOriginPolicy: false,
  });
  viewer.addOnceHandler("open", () => {
    viewer.canvas.setAttribute("role", "img");
    viewer.canvas.setAttribute("aria-label", stage.querySelector("img")?.alt ?? "");
    stage.classList.add("live");
    stage.dataset["ready"] = "true";
    say(words["zoomed"] ?? "");
    viewer.canvas.focus();
    window.setTimeout(() => say(""), 4000);
  });
  viewer.addOnceHandler("open-failed", () => frame.remove());
  connect(stage, viewer);
}

function connect(stage: HTMLElement, viewer: OpenSeadragon.Viewer): void {
  const controls = stage.querySelector<HTMLElement>(".controls");
  controls?.removeAttribute("hidden");
  fullScreen(stage);
  controls?.addEventListener("click", (event) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"] ?? "";
    const { viewport } = viewer;
    const step = viewport.getBounds().width * 0.2;
    const centre = viewport.getCenter();
    const moves: Record<string, [number, number]> = { left: [-step, 0], right: [step, 0], up: [0, -step], down: [0, step] };
    const move = moves[name];
    if (move) viewport.panTo(shifted(centre, move));
    else if (name === "in") viewport.zoomBy(1.5);
    else if (name === "out") viewport.zoomBy(1 / 1.5);
    else if (name === "home") viewport.goHome();
    viewport.applyConstraints();
  });
}

function shifted(centre: OpenSeadragon.Point, move: [number, number]): OpenSeadragon.Point {
  const point = centre.clone();
  point.x += move[0];
  point.y += move[1];
  return point;
}

if (stage && button) {
  const tap = stage.querySelector<HTMLElement>(".tap");
  tap?.removeAttribute("hidden");
  button.addEventListener("click", () => {
    button.disabled = true;
    void open(stage, stage.dataset["zoom"] ?? "").then(() => tap?.remove());
  });
}
