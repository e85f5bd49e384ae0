/** The page of a mesh or a cloud: a picture until somebody asks for the third dimension; only then its code and data load. */

const stage = document.querySelector<HTMLElement>("[data-space]");
const button = stage?.querySelector<HTMLButtonElement>("[data-open]");

async function open(stage: HTMLElement): Promise<void> {
  const words = JSON.parse(stage.dataset["words"] ?? "{}") as Record<string, string>;
  const live = stage.querySelector<HTMLElement>("[data-live]");
  const say = (sentence: string): void => {
    if (live && live.textContent !== sentence) live.textContent = sentence;
  };
  const [address, label] = [stage.dataset["space"] ?? "", words["canvas"] ?? ""];
  const number = new Intl.NumberFormat(document.documentElement.lang);
  say(words["loading"] ?? "");
  try {
    if (stage.dataset["form"] === "mesh") {
      const { openMesh } = await import("./mesh");
      say(await openMesh(stage, address, label));
    } else {
      const { openCloud } = await import("./cloud");
      await openCloud(stage, address, label, (points) => say((words["points"] ?? "").replace("{count}", number.format(points))));
    }
    stage.dataset["ready"] = "true";
  } catch (error) {
    stage.classList.remove("live");
    stage.querySelector("canvas")?.remove();
    stage.querySelector(".controls")?.setAttribute("hidden", "");
    stage.dataset["ready"] = "failed";
    say(words["failed"] ?? "");
    throw error;
  }
}

if (stage && button) {
  const tap = stage.querySelector<HTMLElement>(".tap");
  tap?.removeAttribute("hidden");
  button.addEventListener("click", () => {
    tap?.remove();
    void open(stage);
  });
}
