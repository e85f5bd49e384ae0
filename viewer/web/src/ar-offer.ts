/** Offers a model in one's own room, where the device can: iPhones by a USDZ file, others by WebXR. Both fetch from here only. */

import { allowed } from "./allowed";
import type { SpaceConfig } from "./thing";

export function offerAr(frame: HTMLElement, config: SpaceConfig, words: Record<string, string>, say: (sentence: string) => void): void {
  const link = frame.querySelector<HTMLAnchorElement>('a[rel="ar"]');
  if (link?.relList.supports("ar")) {
    link.hidden = false;
    return;
  }
  const button = frame.querySelector<HTMLButtonElement>("[data-ar]");
  if (!button || config.form !== "mesh" || !navigator.xr || !allowed("xr-spatial-tracking")) return;
  void navigator.xr.isSessionSupported("immersive-ar").then((isSupported) => {
    button.hidden = !isSupported;
  }, () => undefined);
  button.addEventListener("click", () => {
    button.disabled = true;
    // the session must begin in the click itself: the code for it loads meanwhile
    const session = navigator.xr!.requestSession("immersive-ar", { requiredFeatures: ["hit-test"], optionalFeatures: ["dom-overlay"], domOverlay: { root: frame } });
    void Promise.all([session, import("./ar")])
      .then(([begun, { placeInRoom }]) => placeInRoom(begun, config.light.address, config.metres > 0, say, words))
      .catch(() => say(words["ar_failed"] ?? ""))
      .finally(() => (button.disabled = false));
  });
}
