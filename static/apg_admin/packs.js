/* While a pack is worked on, its progress is asked for every two seconds; the whole page once it is done. */
(() => {
  "use strict";

  const EVERY = 2000;
  const ask = async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (answer && answer.ok) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".apg-now");
      if (!fresh) {
        location.reload();
        return;
      }
      document.querySelector(".apg-now").replaceChildren(...fresh.childNodes);
    }
    setTimeout(ask, EVERY);
  };
  if (document.querySelector(".apg-now")) {
    setTimeout(ask, EVERY);
  }
})();
