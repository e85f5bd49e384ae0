/** What stands around a panorama and follows it: the plan's viewing cone, links that turn the view, sharing it, its other dates. */

interface Seen {
  yaw: number;
  pitch: number;
  fov: number;
  bearing: number | null;
  /** Degrees from the left edge of the screen to the right one. */
  across: number;
}

const stage = document.querySelector<HTMLElement>("[data-panorama]");
let seen: Seen | null = null;

function address(view: Seen | null): string {
  const bare = location.href.split("#")[0] ?? "";
  return view ? `${bare}#v=${view.yaw.toFixed(1)},${view.pitch.toFixed(1)},${view.fov.toFixed(0)}` : location.href;
}

/** A sector so many degrees wide, pointing up; radius 1. */
function sector(across: number): string {
  const half = (Math.min(across, 150) * Math.PI) / 360;
  const [x, y] = [Math.sin(half).toFixed(3), (-Math.cos(half)).toFixed(3)];
  return `M0 0-${x} ${y}A1 1 0 0 1 ${x} ${y}z`;
}

function plan(stage: HTMLElement, map: SVGElement): void {
  const cone = map.querySelector("[data-cone]");
  const north = Number(map.dataset["minimap"]);
  const [place, sheet] = [cone?.getAttribute("transform")?.split("rotate")[0], map.dataset["sheet"]];
  stage.addEventListener("ditich:view", () => {
    if (!cone || seen?.bearing == null) return;
    cone.setAttribute("transform", `${place ?? ""}rotate(${(seen.bearing + north).toFixed(0)})scale(${cone.getAttribute("data-cone")})`);
    cone.firstElementChild?.setAttribute("d", sector(seen.across));
  });
  if (sheet) stage.addEventListener("ditich:ready", () => map.querySelector("image")?.setAttribute("href", sheet), { once: true });
}

/** Links to the other directions turn the view where there is one. */
function turning(stage: HTMLElement): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("a[data-turn]") : null;
    if (!link || !stage.classList.contains("live") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    stage.dispatchEvent(new CustomEvent("ditich:look", { detail: { yaw: Number(link.dataset["turn"]), pitch: 0 } }));
    stage.scrollIntoView({ block: "nearest" });
  });
}

/** The exact view: by the device's own sharing, else to the clipboard, else there to be copied. */
function sharing(box: HTMLElement): void {
  const button = box.querySelector<HTMLButtonElement>("button");
  const said = box.querySelector("[role=status]");
  const fields = [...box.querySelectorAll<HTMLInputElement>("input")];
  const update = (): void => {
    for (const field of fields) {
      const frame = field.dataset["frame"];
      const hash = address(seen).split("#")[1];
      field.value = frame ? frame.replace("#", hash ? `#${hash}` : "") : address(seen);
    }
  };
  button?.removeAttribute("hidden");
  box.addEventListener("toggle", update);
  for (const field of fields) field.addEventListener("focus", () => (update(), field.select()));
  button?.addEventListener("click", () => {
    update();
    const [url, title] = [address(seen), document.title];
    const copied = (): void => void (said && (said.textContent = box.dataset["copied"] ?? ""));
    const done = navigator.share ? navigator.share({ url, title }) : navigator.clipboard?.writeText(url).then(copied);
    void (done ?? Promise.reject()).catch((reason: unknown) => {
      if (!(reason instanceof DOMException && reason.name === "AbortError")) fields[0]?.select();
    });
  });
}

/**
 * Dates of one standpoint: the range moves between them, the view stays. The page's words stay those of the date it was opened for, and
 * say so.
 */
function dates(stage: HTMLElement, box: HTMLElement): void {
  const range = box.querySelector<HTMLInputElement>("input");
  const links = [...box.querySelectorAll<HTMLAnchorElement>("a[data-config]")];
  const note = box.querySelector<HTMLElement>(".words-of");
  const [told, onward] = [note?.querySelector("span"), note?.querySelector("a")];
  const opened = range?.value;
  range?.closest("[hidden]")?.removeAttribute("hidden");
  range?.addEventListener("input", () => {
    const link = links[Number(range.value)];
    if (!link) return;
    if (!stage.classList.contains("live")) return location.assign(link.href);
    range.setAttribute("aria-valuetext", link.innerText);
    links.forEach((other) => (other === link ? other.setAttribute("aria-current", "date") : other.removeAttribute("aria-current")));
    stage.dispatchEvent(new CustomEvent("ditich:panorama", { detail: JSON.parse(link.dataset["config"] ?? "{}") as unknown }));
    history.replaceState(history.state, "", link.href.split("#")[0] + location.hash);
    if (!note || !told || !onward) return;
    note.hidden = range.value === opened;
    told.textContent = note.dataset["wordsOf"] ?? "";
    onward.href = link.href;
    onward.textContent = (note.dataset["pageOf"] ?? "").replace("{date}", link.innerText);
  });
}

if (stage) {
  stage.addEventListener("ditich:view", (event) => (seen = (event as CustomEvent<Seen>).detail));
  const map = document.querySelector<SVGElement>("[data-minimap]");
  if (map) plan(stage, map);
  turning(stage);
  for (const box of document.querySelectorAll<HTMLElement>("[data-share]")) sharing(box);
  for (const box of document.querySelectorAll<HTMLElement>("[data-epochs=panorama]")) dates(stage, box);
}
