/** Copies a citation or an identifier where somebody asks for it: the button appears only where the browser can. */

import "./language?record";

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const text = document.getElementById(button.dataset["copy"] ?? "")?.textContent?.replace(/\s+/g, " ").trim();
  if (!text || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(text).then(() => {
      const said = button.querySelector("[data-copied]");
      if (!said) return;
      said.textContent = button.dataset["done"] ?? "";
      window.setTimeout(() => (said.textContent = ""), 4000);
    });
  });
}
