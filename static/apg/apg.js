/* Small behaviours; every page works without them, only less comfortably. */
(() => {
  "use strict";

  const nearest = (sizes, wish) => sizes.reduce((a, b) => (Math.abs(b - wish) < Math.abs(a - wish) ? b : a));

  /* The slider rests on stored sizes only and says where it is. Captured, so that htmx reads the mended value. */
  document.addEventListener("input", (event) => {
    const slider = event.target.closest("[data-sizes]");
    if (!slider) return;
    slider.value = nearest(slider.dataset.sizes.split(" ").map(Number), Number(slider.value));
    document.getElementById(slider.dataset.output).value = slider.value;
  }, true);

  /* Another set may have other sizes: the whole page is asked for. */
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  /* A shared address is copied at once; where the browser refuses, it stands there marked, to be copied by hand. */
  document.addEventListener("click", async (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy || copy.parentElement.open) return;
    const field = document.getElementById(copy.dataset.copy);
    const told = copy.parentElement.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "Copied.";
    } catch {
      told.textContent = "Copy it from here.";
    }
    field.select();
  });

  /* No more than a few can be chosen. */
  const limit = (group) => {
    const boxes = [...group.querySelectorAll("input[type=checkbox]")];
    const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
    for (const box of boxes) box.disabled = full && !box.checked;
  };
  document.addEventListener("change", (event) => {
    const group = event.target.closest("[data-most]");
    if (group) limit(group);
  });
  const limitAll = () => document.querySelectorAll("[data-most]").forEach(limit);
  limitAll();
  document.addEventListener("htmx:afterSettle", limitAll);

  /* Up and down go through the list; left and right too, where it is a strip. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.querySelectorAll("[data-menu][open]").forEach((menu) => { menu.open = false; });
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const here = event.target.closest("[data-people] .person");
    if (!step || !here) return;
    const all = [...document.querySelectorAll("[data-people] .person")];
    const next = all[all.indexOf(here) + step];
    event.preventDefault();
    if (!next) return;
    next.focus();
    next.click();
  });

  /* The list marks whose profile is shown. */
  const mark = () => {
    const profile = document.getElementById("profile");
    if (!profile) return;
    for (const person of document.querySelectorAll("[data-people] .person")) {
      if (person.dataset.persona === profile.dataset.persona) person.setAttribute("aria-current", "true");
      else person.removeAttribute("aria-current");
    }
  };
  document.addEventListener("htmx:afterSettle", mark);

  /* A chart that is wider than the screen starts where the chosen column is; where a reader moved it, it stays. */
  const started = new WeakSet();
  const showChosen = () => {
    for (const chosen of document.querySelectorAll(".chart-wide [aria-current]")) {
      const wrap = chosen.closest(".table-wrap");
      if (started.has(wrap)) continue;
      started.add(wrap);
      const [box, column] = [wrap.getBoundingClientRect(), chosen.getBoundingClientRect()];
      wrap.scrollLeft += column.left + column.width / 2 - (box.left + box.width / 2);
    }
  };
  showChosen();
  document.addEventListener("htmx:afterSettle", showChosen);

  /* A session that ended, or a persona that is gone: let the browser go there and show what the server says. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (new URL(event.detail.xhr.responseURL).pathname.endsWith("/login/")) {
      event.detail.shouldSwap = false;
      window.location.reload();
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.target.closest("[data-screen]")) window.location.assign(event.detail.pathInfo.finalRequestPath);
  });
})();
