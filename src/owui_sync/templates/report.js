(() => {
  "use strict";
  const form = document.querySelector(".filter");
  if (!form) return;
  const changes = [...document.querySelectorAll("details.change")];
  const search = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const shown = form.querySelector("output");
  const texts = new Map();
  const text = (change) => {
    if (!texts.has(change)) texts.set(change, change.textContent.toLowerCase());
    return texts.get(change);
  };
  const groups = () => {
    const off = {};
    for (const box of boxes) if (!box.checked) (off[box.name] ||= []).push(box.value);
    return off;
  };
  const fits = (change, off, words) => {
    if (off.action?.includes(change.dataset.action) || off.kind?.includes(change.dataset.kind)) return false;
    const causes = change.dataset.cause.split(" ").filter(Boolean);
    if (off.cause && causes.length && causes.every((cause) => off.cause.includes(cause))) return false;
    return words.every((word) => text(change).includes(word));
  };
  const update = () => {
    const off = groups(), words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const change of changes) {
      change.hidden = !fits(change, off, words);
      count += !change.hidden;
    }
    for (const section of document.querySelectorAll("section[data-changes]")) {
      section.hidden = !section.querySelector("details.change:not([hidden])");
    }
    shown.value = `${count} of ${changes.length} shown`;
    const state = new URLSearchParams();
    if (search.value) state.set("q", search.value);
    for (const [name, values] of Object.entries(off)) state.set(name, values.join(" "));
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#?${hash}` : "#");
  };
  const restore = () => {
    if (location.hash.startsWith("#?")) {
      const state = new URLSearchParams(location.hash.slice(2));
      search.value = state.get("q") || "";
      for (const box of boxes) box.checked = !(state.get(box.name) || "").split(" ").includes(box.value);
      update();
      return;
    }
    const target = document.getElementById(location.hash.slice(1));
    if (target?.matches("details")) { target.open = true; target.hidden = false; target.scrollIntoView(); }
  };
  const open = (all) => { for (const change of changes) change.open = all; };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", update);
  form.querySelector("[data-open]").addEventListener("click", () => open(true));
  form.querySelector("[data-close]").addEventListener("click", () => open(false));
  addEventListener("hashchange", restore);
  addEventListener("beforeprint", () => open(true));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || /^(input|textarea)$/i.test(event.target.tagName)) return;
    event.preventDefault();
    search.focus();
  });
  shown.value = `${changes.length} of ${changes.length} shown`;
  restore();
})();
