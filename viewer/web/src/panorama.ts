/** The page of a panorama: where the browser can, the stage becomes a view that is moved; the page's own links keep their places in it. */

import { depart } from "./departure";
import type { Words } from "./facing";
import { fullScreen } from "./fullscreen?own";
import { listen } from "./gestures";
import { gyroscope } from "./gyroscope";
import "./language?panorama";
import "./minimap";
import { allowed } from "./allowed?own";
import { type Config, Panorama, reduced } from "./stage";

async function begin(stage: HTMLElement): Promise<void> {
  const config = JSON.parse(stage.dataset["panorama"] ?? "{}") as Config;
  const panorama = new Panorama(stage, config, JSON.parse(stage.dataset["words"] ?? "{}") as Words);
  depart(panorama.hotspots.ways, panorama, reduced);
  if (!(await panorama.start())) return;
  for (const group of stage.querySelectorAll<HTMLElement>(".controls, .modes")) group.hidden = false;
  listen(panorama.canvas, stage, panorama);
  gyroscope(stage, (yaw, pitch) => panorama.turn(yaw, pitch));
  fullScreen(stage);
  stage.addEventListener("ditich:look", (event) => panorama.fly({ ...panorama.view, ...(event as CustomEvent<Partial<Config>>).detail }));
  stage.addEventListener("ditich:panorama", (event) => void panorama.change((event as CustomEvent<Config>).detail));
  void offerHeadset(stage, panorama);
}

/** Show the button of the VR walk where a headset is there; its code is loaded when it is pressed. */
async function offerHeadset(stage: HTMLElement, panorama: Panorama): Promise<void> {
  const button = stage.querySelector<HTMLElement>('[data-act="vr"]');
  const { xr } = navigator as { xr?: { isSessionSupported(mode: string): Promise<boolean> } };
  if (!button || !xr || !allowed("xr-spatial-tracking") || !(await xr.isSessionSupported("immersive-vr").catch(() => false))) return;
  button.hidden = false;
  const code = new URL("vr.js", here()).href;
  button.addEventListener("click", () => {
    void import(/* @vite-ignore */ code).then(() => stage.dispatchEvent(new CustomEvent("ditich:vr", { detail: panorama, bubbles: true })));
  });
}

/** Where this script lies; what is loaded later lies beside it. */
function here(): string {
  return import.meta.url;
}

const stage = document.querySelector<HTMLElement>("[data-panorama]");
if (stage) void begin(stage);
