/** The page of a mesh or a cloud: a picture until somebody asks for the third dimension; only then its code and data load. */

import "./record";
import { offerAr } from "./ar-offer";
import { deviceClass, drawsThreeDimensions } from "./device";
import { fullScreen } from "./fullscreen";
import type { SpaceConfig } from "./thing";
import { sharedView, sideOf } from "./shared-view";
import { connectTurntable } from "./turntable";

const frame = document.querySelector<HTMLElement>("[data-space]");

function begin(frame: HTMLElement): void {
  const words = JSON.parse(frame.dataset["words"] ?? "{}") as Record<string, string>;
  const config = JSON.parse(frame.dataset["space"] ?? "{}") as SpaceConfig;
  const stage = frame.querySelector<HTMLElement>(".stage")!;
  const tap = frame.querySelector<HTMLElement>(".begin");
  const button = tap?.querySelector<HTMLButtonElement>("[data-open]");
  const say = speaker(frame.querySelector("[data-live]"));
  const shared = sharedView(location.hash);
  connectTurntable(frame, words, shared && sideOf(shared, config.from?.[0]));
  offerAr(frame, config, words, say);
  if (!tap || !button) return;
  if (!drawsThreeDimensions()) {
    stage.dataset["ready"] = "flat";
    say(words["flat"] ?? "");
    return;
  }
  const wanted = deviceClass();
  const more = frame.querySelector<HTMLElement>("[data-more]");
  if (more) more.hidden = wanted === "full" || config.full.octets === config.light.octets;
  button.querySelector("small")!.textContent = config[wanted].size;
  if (shared) button.querySelector("[data-opens]")!.textContent = words["open_shared"] ?? "";
  tap.hidden = false;
  button.addEventListener("click", () => {
    tap.remove();
    frame.classList.add("opened");
    fullScreen(frame);
    void open(frame, stage, config, words, wanted, say);
  });
}

async function open(frame: HTMLElement, stage: HTMLElement, config: SpaceConfig, words: Record<string, string>, wanted: "light" | "full", say: (sentence: string) => void): Promise<void> {
  say(words["loading"] ?? "");
  try {
    const { openSpace } = await import("./in-space");
    const count = speaker(frame.querySelector("[data-count]"));
    const sides = JSON.parse(frame.dataset["sides"] ?? "[]") as string[];
    await openSpace(config, wanted, { stage, bar: frame.querySelector<HTMLElement>("[data-tools]")!, words, sides, say, count });
    stage.dataset["ready"] = "true";
    say("");
  } catch (error) {
    stage.classList.remove("live");
    frame.classList.remove("opened");
    stage.querySelector("canvas")?.remove();
    stage.querySelector(".controls")?.setAttribute("hidden", "");
    stage.dataset["ready"] = "failed";
    say(words["failed"] ?? "");
    throw error;
  }
}

function speaker(live: Element | null): (sentence: string) => void {
  return (sentence) => {
    if (live && live.textContent !== sentence) live.textContent = sentence;
  };
}

if (frame) begin(frame);
