/** Turns dragging, pinching, the wheel, keys and buttons into movements of the view. */

export interface Movable {
  /** Turn by degrees, at once. */
  turn(yaw: number, pitch: number): void;
  /** Turn by degrees, softly. */
  glide(yaw: number, pitch: number): void;
  /** Multiply the field of view. */
  zoom(factor: number): void;
  /** Degrees that one pixel of the screen covers. */
  degreesPerPixel(): number;
}

const STEP = 12;
const CLOSER = 1 / 1.25;
const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, STEP],
  ArrowDown: [0, -STEP],
};

export function listen(canvas: HTMLCanvasElement, controls: HTMLElement | null, view: Movable): void {
  drag(canvas, view);
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      view.zoom(Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 400));
    },
    { passive: false },
  );
  canvas.addEventListener("dblclick", () => view.zoom(CLOSER));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event.key, view)) event.preventDefault();
  });
  controls?.addEventListener("click", (event) => {
    const name = (event.target as Element).closest<HTMLElement>("[data-act]")?.dataset["act"];
    act({ left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown", in: "+", out: "-" }[name ?? ""] ?? "", view);
  });
}

function act(key: string, view: Movable): boolean {
  const step = KEYS[key];
  if (step) view.glide(...step);
  else if (key === "+" || key === "=") view.zoom(CLOSER);
  else if (key === "-") view.zoom(1 / CLOSER);
  else return false;
  return true;
}

function drag(canvas: HTMLCanvasElement, view: Movable): void {
  const fingers = new Map<number, { x: number; y: number; time: number }>();
  let speed: [number, number] = [0, 0];
  const spread = (): number => {
    const [one, other] = [...fingers.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };
  canvas.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, time: event.timeStamp });
    canvas.setPointerCapture(event.pointerId);
    speed = [0, 0];
    view.glide(0, 0);
  });
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = spread();
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
    const passed = Math.max(1, event.timeStamp - finger.time);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, time: event.timeStamp });
    if (fingers.size === 2 && before) view.zoom(before / Math.max(1, spread()));
    if (fingers.size > 1) return;
    const k = view.degreesPerPixel();
    speed = [(-dx * k) / passed, (dy * k) / passed];
    view.turn(-dx * k, dy * k);
  });
  const lift = (event: PointerEvent): void => {
    const finger = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (finger && !fingers.size && event.timeStamp - finger.time < 60) view.glide(speed[0] * 220, speed[1] * 220);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
}
