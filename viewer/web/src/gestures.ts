/** Turns dragging, pinching, taps, the wheel, keys and buttons into movements of the view. */

export interface Movable {
  /** Turn by degrees, at once. */
  turn(yaw: number, pitch: number): void;
  /** Turn by degrees and multiply the field of view, softly; without arguments: stand still. */
  glide(yaw?: number, pitch?: number, factor?: number): void;
  /** Multiply the field of view at once, towards a place in pixels from the middle. False where that is not possible any more. */
  zoom(factor: number, x?: number, y?: number): boolean;
  /** A hand is on the view, or left it. */
  hold(held: boolean): void;
  home(): void;
  north(): void;
  /** Degrees that one pixel of the screen covers. */
  degreesPerPixel(): number;
}

interface Finger {
  x: number;
  y: number;
  time: number;
}

const STEP = 12;
const CLOSER = 1 / 1.25;
const TAP_CLOSER = 1 / 1.6;
/** Two touches within this time (milliseconds) and distance (pixels) are one double tap. */
const DOUBLE = [320, 32] as const;
/** How long (milliseconds) a thrown view goes on at the speed of the hand, all in all. */
const THROW = 220;
/** Degrees that a throw goes at most, and milliseconds that two places of a hand lie apart at least: events come in bunches. */
const FARTHEST = 60;
const BUNCH = 8;
const ACTS: Record<string, (view: Movable) => void> = {
  ArrowLeft: (view) => view.glide(-STEP),
  ArrowRight: (view) => view.glide(STEP),
  ArrowUp: (view) => view.glide(0, STEP),
  ArrowDown: (view) => view.glide(0, -STEP),
  "+": (view) => view.glide(0, 0, CLOSER),
  "=": (view) => view.glide(0, 0, CLOSER),
  "-": (view) => view.glide(0, 0, 1 / CLOSER),
  Home: (view) => view.home(),
  north: (view) => view.north(),
};
const BUTTONS: Record<string, string> = { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown", in: "+", out: "-", home: "Home", north: "north" };

export function listen(canvas: HTMLCanvasElement, stage: HTMLElement, view: Movable): void {
  touch(canvas, stage, view);
  canvas.addEventListener(
    "wheel",
    (event) => {
      const [x, y] = fromMiddle(canvas, event);
      // at the widest view the wheel scrolls the page again: the panorama is no trap for it
      if (view.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 400), x, y)) event.preventDefault();
    },
    { passive: false },
  );
  canvas.addEventListener("keydown", (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act(view);
  });
  stage.addEventListener("click", (event) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"] ?? "";
    ACTS[BUTTONS[name] ?? ""]?.(view);
  });
}

function thrown(speed: readonly [number, number]): [number, number] {
  const share = THROW * Math.min(1, FARTHEST / Math.max(1e-6, Math.hypot(...speed) * THROW));
  return [speed[0] * share, speed[1] * share];
}

function fromMiddle(canvas: HTMLCanvasElement, event: MouseEvent): [number, number] {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
}

/** Drags may begin on a hotspot too: a press there is a press only as long as it does not move. */
function touch(canvas: HTMLCanvasElement, stage: HTMLElement, view: Movable): void {
  const fingers = new Map<number, Finger>();
  let speed: [number, number] = [0, 0];
  let tapped: Finger = { x: 0, y: 0, time: -Infinity };
  let down: Finger = tapped;
  const spread = (): number => {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };
  const near = (one: Finger, other: Finger): boolean => Math.hypot(one.x - other.x, one.y - other.y) < DOUBLE[1] && other.time - one.time < DOUBLE[0];
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || !(event.target === canvas || (event.target as Element).closest(".way"))) return;
    down = { x: event.clientX, y: event.clientY, time: event.timeStamp };
    fingers.set(event.pointerId, down);
    if (event.target === canvas) canvas.setPointerCapture(event.pointerId);
    speed = [0, 0];
    view.hold(true);
    view.glide();
  });
  stage.addEventListener("dragstart", (event) => event.preventDefault());
  stage.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    if (!canvas.hasPointerCapture(event.pointerId)) {
      if (Math.hypot(event.clientX - down.x, event.clientY - down.y) < DOUBLE[1] / 4) return;
      canvas.setPointerCapture(event.pointerId);
    }
    const before = spread();
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
    const passed = Math.max(BUNCH, event.timeStamp - finger.time);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, time: event.timeStamp });
    const k = view.degreesPerPixel() / fingers.size;
    if (before) view.zoom(before / Math.max(1, spread()));
    speed = [(-dx * k) / passed, (dy * k) / passed];
    view.turn(-dx * k, dy * k);
  });
  const lift = (event: PointerEvent): void => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    fingers.delete(event.pointerId);
    if (fingers.size) return;
    const here = { x: event.clientX, y: event.clientY, time: event.timeStamp };
    view.hold(false);
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    if (near(down, here)) {
      const twice = near(tapped, here);
      tapped = twice ? { ...here, time: -Infinity } : here;
      if (twice) view.zoom(TAP_CLOSER, ...fromMiddle(canvas, event));
    } else if (here.time - finger.time < 60) view.glide(...thrown(speed));
  };
  stage.addEventListener("pointerup", lift);
  stage.addEventListener("pointercancel", lift);
}
