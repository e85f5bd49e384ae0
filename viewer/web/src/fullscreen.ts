/** Show the full-screen button where the browser has it (an iPhone has not). */
export function fullScreen(stage: HTMLElement): void {
  const button = stage.querySelector<HTMLElement>('[data-act="full"]');
  if (!button || !document.fullscreenEnabled) return;
  button.hidden = false;
  button.addEventListener("click", () => void (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen()));
}
