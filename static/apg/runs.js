/* Comforts for uploads; every page works without them. */
(() => {
  "use strict";

  /* A file that the server would refuse is refused before it travels. */
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-max-bytes]")) return;
    const most = Number(input.dataset.maxBytes);
    const tooLarge = [...input.files].some((file) => file.size > most);
    const words = `This file is larger than ${Math.floor(most / 2 ** 20)} MB. Split it, or compress it as .gz.`;
    input.setCustomValidity(tooLarge ? words : "");
    input.reportValidity();
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-upload]")) return;
    event.target.querySelector("button[type=submit]").disabled = true;
    event.target.querySelector("[data-upload-state]").textContent = "Uploading…";
  });
  window.addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[data-upload] button[type=submit]")) button.disabled = false;
    for (const state of document.querySelectorAll("[data-upload-state]")) state.textContent = "";
  });

  /* The sample's headers follow the choices. */
  document.addEventListener("change", (event) => {
    const block = event.target.matches("select") && event.target.closest("[data-block]");
    if (!block) return;
    const ours = new Map();
    for (const select of block.querySelectorAll("select")) {
      if (select.value) ours.set(select.value, select.labels[0].firstChild.textContent.trim());
    }
    for (const head of block.querySelectorAll("th[data-header]")) {
      const name = ours.get(head.dataset.header);
      head.classList.toggle("is-mapped", Boolean(name));
      head.querySelector(".sample-ours").textContent = name || "not used";
    }
  });
})();
