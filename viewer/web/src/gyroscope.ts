/** Looking around by turning the device. Off until asked for; dragging goes on adjusting the view. */

import { allowed } from "./allowed?own";
import { wrapped } from "./angles";

interface AskingEvent {
  requestPermission?: () => Promise<PermissionState>;
}

const RADIANS = Math.PI / 180;
/** Degrees below which a hand is only trembling. */
const TREMBLE = 0.06;

/**
 * Compass bearing and pitch of what lies behind the screen (W3C Device Orientation, section 4.1: Z-X'-Y'' turns; the direction is
 * minus z of the device). It does not change when the page turns on the screen, so the screen's own orientation is taken in.
 */
export function behindScreen(alpha: number, beta: number, gamma: number): { bearing: number; pitch: number } {
  const [a, b, c] = [alpha * RADIANS, beta * RADIANS, gamma * RADIANS];
  const east = -Math.cos(a) * Math.sin(c) - Math.sin(a) * Math.sin(b) * Math.cos(c);
  const north = Math.cos(a) * Math.sin(b) * Math.cos(c) - Math.sin(a) * Math.sin(c);
  const up = -Math.cos(b) * Math.cos(c);
  return { bearing: Math.atan2(east, north) / RADIANS, pitch: Math.asin(Math.max(-1, Math.min(1, up))) / RADIANS };
}

/** Show the button where the device has a sensor (it has spoken) or is held in the hand and can be asked for it (iPhones ask the visitor). */
export function gyroscope(stage: HTMLElement, turn: (yaw: number, pitch: number) => void): void {
  const button = stage.querySelector<HTMLElement>('[data-act="tilt"]');
  const asking = (window as { DeviceOrientationEvent?: AskingEvent }).DeviceOrientationEvent;
  if (!button || !asking || !allowed("gyroscope")) return;
  let on = false;
  let last: { bearing: number; pitch: number } | null = null;
  const feel = ({ alpha, beta, gamma }: DeviceOrientationEvent): void => {
    if (alpha === null || beta === null || gamma === null) return;
    const now = behindScreen(alpha, beta, gamma);
    const [yaw, pitch] = last ? [wrapped(now.bearing - last.bearing), now.pitch - last.pitch] : [0, 0];
    if (last && Math.abs(yaw) + Math.abs(pitch) < TREMBLE) return;
    // a desktop may speak once, and then never differently: that is no sensor
    if (last && !on) offer();
    last = now;
    if (on) turn(yaw, pitch);
  };
  const offer = (): void => {
    button.hidden = false;
    window.removeEventListener("deviceorientation", feel);
  };
  const set = (wanted: boolean): void => {
    on = wanted;
    last = null;
    button.setAttribute("aria-pressed", String(on));
    window.removeEventListener("deviceorientation", feel);
    if (on) window.addEventListener("deviceorientation", feel);
  };
  button.addEventListener("click", () => {
    if (on || !asking.requestPermission) return set(!on);
    asking.requestPermission().then((answer) => set(answer === "granted"), () => set(false));
  });
  if (asking.requestPermission && matchMedia("(any-pointer: coarse)").matches) offer();
  else window.addEventListener("deviceorientation", feel);
}
