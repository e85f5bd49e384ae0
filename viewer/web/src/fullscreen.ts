/** Fills the screen with the stage: by the browser's own means, or over the page where it has none (an iPhone). */
export function fullScreen(stage: HTMLElement): void {
  const button = stage.querySelector<HTMLElement>('[data-act="full"]');
  if (!button) return;
  const native = document.fullscreenEnabled;
  const fill = (filling: boolean): void => {
    stage.classList.toggle("filling", filling);
    document.documentElement.classList.toggle("filled", filling);
    show();
  };
  const isFull = (): boolean => (native ? document.fullscreenElement === stage : stage.classList.contains("filling"));
  const show = (): void => button.setAttribute("aria-pressed", String(isFull()));
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!native) fill(!isFull());
    else if (isFull()) void document.exitFullscreen();
    else void stage.requestFullscreen();
  });
  if (native) return void document.addEventListener("fullscreenchange", show);
  stage.addEventListener("keydown", (event) => event.key === "Escape" && fill(false));
  // who goes on beyond the stage by keyboard must see where
  document.addEventListener("focusin", (event) => isFull() && !stage.contains(event.target as Node) && fill(false));
}
