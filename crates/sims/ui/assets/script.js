// Keeps the page current and sends its forms without leaving it. Everything works without this script as well.
"use strict";
(() => {
  const address = document.body.dataset.events;
  const connection = document.getElementById("connection");
  const refused = document.getElementById("refused");

  // Replaces the parts that changed. Open menus stay open, and the focus stays where it is.
  const show = (fresh) => {
    const focused = document.activeElement;
    const { id, dataset } = focused ?? { id: "", dataset: {} };
    const open = [...document.querySelectorAll("details[open][id]")].map((menu) => menu.id);
    let changed = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = fresh.getElementById(part.id);
      if (!next) continue;
      for (const menu of next.querySelectorAll("details[id]")) menu.open = open.includes(menu.id);
      if (next.innerHTML === part.innerHTML) continue;
      part.replaceChildren(...document.importNode(next, true).childNodes);
      changed = true;
    }
    if (changed && id && !focused.isConnected) {
      const next = document.getElementById(id) ?? document.getElementById(dataset.return);
      next?.focus({ preventScroll: true });
    }
  };

  let running = false;
  let again = false;
  const refresh = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        const response = await fetch(location.href);
        if (response.ok) show(new DOMParser().parseFromString(await response.text(), "text/html"));
      } while (again);
    } catch {
      // The stream of events reports a server that is gone.
    } finally {
      running = false;
    }
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    refused.textContent = "";
    try {
      const response = await fetch(form.getAttribute("action"), { method: "POST", body });
      if (!response.ok) {
        const reason = (await response.text()).trim() || `the simulators answered ${response.status}`;
        refused.textContent = `Not done: ${reason}`;
        return;
      }
    } catch {
      // The stream of events reports a server that is gone.
      return;
    }
    await refresh();
  });

  const events = new EventSource(address);
  events.addEventListener("change", refresh);
  events.addEventListener("open", () => {
    connection.textContent = "Live: this page updates by itself.";
    refresh();
  });
  events.addEventListener("error", () => {
    connection.textContent = "Not connected: the simulators have stopped.";
  });
})();
