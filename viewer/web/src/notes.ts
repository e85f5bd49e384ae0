/** Numbered pins over a picture or a space, and the panel that shows the words of one. The words stand in the page below. */

export interface Pin {
  id: string;
  number: number;
  label: string;
}

export class Notes<P extends Pin> {
  readonly layer = document.createElement("div");
  readonly pins: readonly P[];
  private readonly panel = document.createElement("div");
  private opened: HTMLButtonElement | null = null;

  /** ``show`` brings the place of a pin into view: when it is chosen, and when it gets the focus from the keyboard. */
  constructor(
    stage: HTMLElement,
    all: readonly P[],
    words: Record<string, string>,
    show: (pin: P) => void,
  ) {
    // a page that shows a thing by itself (embedded elsewhere) has no words to show
    this.pins = all.filter(({ id }) => document.getElementById(`note-${id}`));
    const pins = this.pins;
    this.layer.className = "pins";
    this.layer.setAttribute("role", "group");
    this.layer.setAttribute("aria-label", words["pins"] ?? "");
    this.layer.append(...pins.map((pin) => this.button(pin, show)));
    this.panel.className = "note-panel";
    this.panel.hidden = true;
    this.panel.tabIndex = -1;
    this.panel.setAttribute("role", "dialog");
    const close = document.createElement("button");
    close.type = "button";
    close.className = "note-close";
    close.setAttribute("aria-label", words["close"] ?? "");
    close.textContent = "×";
    close.addEventListener("click", () => this.close());
    this.panel.append(close);
    stage.append(this.layer, this.panel);
    stage.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) this.close();
    });
    document.querySelectorAll<HTMLElement>("[data-show-pin]").forEach((link) => {
      link.parentElement?.removeAttribute("hidden");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        const pin = pins.find(({ id }) => id === link.dataset["showPin"]);
        const button = pin && this.buttonOf(pin);
        if (!button) return;
        stage.scrollIntoView({ block: "nearest" });
        show(pin);
        button.focus();
      });
    });
  }

  buttonOf(pin: P): HTMLButtonElement | null {
    return (this.layer.children[this.pins.indexOf(pin)] as HTMLButtonElement | undefined) ?? null;
  }

  /** Put a pin at a place of the stage (pixels), or away where it is out of sight. */
  place(pin: P, at: { x: number; y: number } | null, isBehind = false): void {
    const button = this.buttonOf(pin);
    if (!button) return;
    button.classList.toggle("beyond", !at);
    button.classList.toggle("behind", isBehind);
    if (at) button.style.transform = `translate(${at.x.toFixed(1)}px, ${at.y.toFixed(1)}px) translate(-50%, -50%)`;
  }

  private button(pin: P, show: (pin: P) => void): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pin";
    button.dataset["pin"] = pin.id;
    button.textContent = String(pin.number);
    button.setAttribute("aria-label", `${pin.number}. ${pin.label}`);
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("focus", () => {
      if (button.matches(":focus-visible") && (button.classList.contains("beyond") || button.classList.contains("behind"))) show(pin);
    });
    button.addEventListener("click", () => this.open(pin, button));
    return button;
  }

  private open(pin: P, button: HTMLButtonElement): void {
    this.close();
    const words = document.getElementById(`note-${pin.id}`)?.cloneNode(true) as HTMLElement | undefined;
    if (!words) return;
    words.removeAttribute("id");
    words.querySelectorAll("[data-show-pin]").forEach((link) => link.remove());
    const body = document.createElement("div");
    body.append(...words.childNodes);
    while (this.panel.childNodes.length > 1) this.panel.lastChild?.remove();
    this.panel.append(body);
    this.panel.setAttribute("aria-label", button.getAttribute("aria-label") ?? "");
    this.panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    this.opened = button;
    this.panel.focus({ preventScroll: true });
  }

  private close(): void {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    this.opened?.setAttribute("aria-expanded", "false");
    this.opened?.focus({ preventScroll: true });
    this.opened = null;
  }
}
