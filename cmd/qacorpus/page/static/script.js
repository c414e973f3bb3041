// Refines pages that work without it: the table is filtered while you type, and what
// changes in the corpus is put in place without losing the place that you are at.
"use strict";
(() => {
  const body = document.body;
  const content = document.getElementById("content");
  const live = document.getElementById("live");
  const form = document.querySelector("form.filter");
  document.documentElement.classList.add("scripted");

  // morph makes a like b, touching only what differs, so that focus, scrolling,
  // open details and loaded pictures stay.
  function morph(a, b) {
    if (a.isEqualNode(b)) return a;
    if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName || (a.id || "") !== (b.id || "")) {
      a.replaceWith(b);
      return b;
    }
    if (a.nodeType !== Node.ELEMENT_NODE) {
      if (a.nodeValue !== b.nodeValue) a.nodeValue = b.nodeValue;
      return a;
    }
    for (const { name } of [...a.attributes])
      if (!b.hasAttribute(name) && !(a.nodeName === "DETAILS" && name === "open")) a.removeAttribute(name);
    for (const { name, value } of b.attributes)
      if (a.getAttribute(name) !== value) a.setAttribute(name, value);
    const byID = new Map();
    for (const child of a.children) if (child.id) byID.set(child.id, child);
    let at = a.firstChild;
    for (const child of [...b.childNodes]) {
      const same = child.id ? byID.get(child.id) : undefined;
      if (same) {
        if (same === at) at = at.nextSibling;
        else a.insertBefore(same, at);
        morph(same, child);
      } else if (!child.id && at && !at.id && at.nodeName === child.nodeName) {
        const next = at.nextSibling;
        morph(at, child);
        at = next;
      } else {
        a.insertBefore(child, at);
      }
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
    return a;
  }

  // load fetches an address of ours and puts its content in. Only the newest counts.
  let running = null;
  async function load(address) {
    if (running) running.abort();
    const mine = running = new AbortController();
    let text;
    try {
      const answer = await fetch(address, { signal: mine.signal, credentials: "same-origin", redirect: "error" });
      if (!answer.ok && answer.status !== 404) return false;
      text = await answer.text();
    } catch {
      return false;
    } finally {
      if (running === mine) running = null;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const next = page.getElementById("content") || page.getElementById("main");
    if (!content || !next || !page.body.dataset.version) return false;
    if (next.id !== "content") { // the paper is gone
      location.reload();
      return true;
    }
    const before = new Map([...content.querySelectorAll("tr[id]")].map((row) => [row.id, row.textContent]));
    const had = document.activeElement && document.activeElement.id;
    morph(content, next);
    if (had && document.activeElement === body) document.getElementById(had)?.focus({ preventScroll: true });
    body.dataset.version = page.body.dataset.version;
    document.title = page.title;
    let changed = 0;
    for (const row of content.querySelectorAll("tr[id]"))
      if (before.has(row.id) && before.get(row.id) !== row.textContent) {
        changed++;
        flash(row);
      }
    return changed;
  }

  const still = matchMedia("(prefers-reduced-motion: reduce)");
  function flash(row) {
    if (!still.matches) row.animate([{ backgroundColor: getComputedStyle(row).getPropertyValue("--mark") }, {}], { duration: 1600, easing: "ease-out" });
  }

  // news tells screen readers, now and then, that something changed.
  let told = 0;
  function news(text) {
    if (Date.now() - told < 8000) return;
    told = Date.now();
    document.getElementById("news").textContent = text;
  }

  // Live: one stream while the page is seen. A browser allows few to one address.
  let stream = null;
  function show(state, text) {
    live.hidden = false;
    live.classList.toggle("lost", state === "lost");
    document.getElementById("live-text").textContent = text;
  }
  function listen() {
    if (stream || !body.dataset.events || document.hidden) return;
    const address = new URL(body.dataset.events, location.origin);
    address.searchParams.set("seen", body.dataset.version);
    stream = new EventSource(address);
    stream.onopen = () => show("live", "Live");
    stream.onerror = () => {
      show("lost", "Not live: qacorpus does not answer");
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(listen, 3000);
      }
    };
    stream.addEventListener("changed", async () => {
      const changed = await load(location.pathname + location.search);
      if (changed !== false) news(changed > 1 ? changed + " papers changed" : changed === 1 ? "One paper changed" : "The page was brought up to date");
    });
  }
  function deafen() {
    if (stream) stream.close();
    stream = null;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? deafen() : listen()));
  addEventListener("pagehide", deafen);
  addEventListener("pageshow", listen);
  listen();

  // The filter, while you type.
  if (form) {
    let timer = 0;
    const apply = () => {
      const query = new URLSearchParams();
      for (const [key, value] of new FormData(form)) if (value.trim() !== "") query.set(key, value.trim());
      const address = "/" + (query.size ? "?" + query : "");
      history.replaceState(null, "", address);
      load(address);
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 140);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      apply();
    });
  }

  // Keys: / goes to the filter, arrows and j, k from row to row.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    const search = document.getElementById("q");
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
      search.select();
      return;
    }
    const links = [...document.querySelectorAll(".papers .open")];
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (!step || !links.length) return;
    if (typing === search && event.key === "ArrowDown") {
      event.preventDefault();
      links[0].focus();
      return;
    }
    const at = links.indexOf(event.target);
    if (typing || at < 0) return;
    event.preventDefault();
    if (at + step < 0) search?.focus();
    else links[Math.min(at + step, links.length - 1)].focus();
  });

  // A pair and its passage show each other.
  function relate(event) {
    const pair = event.target.closest?.(".pair[data-passage]");
    const mark = event.target.closest?.("mark");
    for (const e of document.querySelectorAll(".on")) e.classList.remove("on");
    if (pair) for (const e of document.getElementsByClassName("by-" + pair.id)) e.classList.add("on");
    if (mark) for (const name of [...mark.classList])
      if (name.startsWith("by-")) document.getElementById(name.slice(3))?.classList.add("on");
  }
  document.addEventListener("mouseover", relate);
  document.addEventListener("focusin", relate);
})();
