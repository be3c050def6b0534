"use strict";
// Decisions: sent to the server that this page came from; what they change comes back and takes the place of what was shown.
(() => {
  const { refresh, selected, onSelect, make, word, select } = window.catalogReport;
  const told = document.getElementById("told"), form = document.getElementById("decide");
  const fields = form.elements, suggestions = form.querySelector(".suggestions"), offers = document.getElementById("offers");
  const review = JSON.parse(document.getElementById("review").textContent);
  const state = { revision: review.revision, shown: "", busy: false, undo: new Map(), asked: 0 };
  const POLL = 5000, FIRST = 8;

  // The token came with the address; nobody should find it there later.
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);

  const say = (name, kind = "", more = "") => {
    told.className = kind;
    told.replaceChildren(...(name ? word(`review-${name}`) : []), more);
  };

  async function call(path, body) {
    const headers = { "X-Catalog-Token": review.token };
    const request = body === undefined ? { headers } : { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(path, { ...request, cache: "no-store" });
    const answer = await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, answer };
  }

  function take(answer) {
    if (answer.revision) state.revision = answer.revision;
    if (answer.fragments) refresh(answer.fragments);
  }

  const value = () => (selected()?.tagName === "TD" ? selected() : null);
  const rowOf = (cell) => Number(cell.closest("tr").id.slice(1));
  const key = (cell) => `${cell.id} ${cell.dataset.value} ${cell.dataset.doubt} ${cell.className.includes("looked_up")}`;

  // The form is made anew where another value is chosen, or this one has changed: what is being typed stays otherwise.
  function fill() {
    const cell = value();
    form.hidden = !cell;
    if (!cell) { state.shown = ""; return; }
    const now = key(cell);
    if (now === state.shown) return;
    if (state.shown.split(" ")[0] !== cell.id) say("");
    state.shown = now;
    fields.value.value = cell.dataset.value;
    fields.reason.value = "";
    fields.all.checked = false;
    fields.all.closest("label").hidden = true;
    suggestions.replaceChildren();
    offers.replaceChildren();
    if (cell.classList.contains("tick")) for (const [text, name] of [["true", "yes"], ["false", "no"]]) suggestions.append(offer(text, word(name)));
    fields.confirm.disabled = !["doubt", "repaired", "joined", "inherited", "issue", "error"].some((mark) => cell.classList.contains(mark));
    fields.undo.hidden = !cell.classList.contains("looked_up") && !state.undo.has(cell.id);
    changed();
    suggest(cell);
  }

  const changed = () => { fields.correct.disabled = state.busy || !value() || fields.value.value.trim() === value().dataset.value; };

  function offer(text, label, source = []) {
    const button = make("button", "", ...label, ...(source.length ? [" ", make("small", "", ...source)] : []));
    button.type = "button";
    button.addEventListener("click", () => { fields.value.value = text; changed(); fields.value.focus(); });
    return make("li", "", button);
  }

  async function suggest(cell) {
    const asked = (state.asked += 1);
    const query = new URLSearchParams({ row: rowOf(cell), field: cell.dataset.field });
    const { ok, answer } = await call(`/api/suggestions?${query}`).catch(() => ({ ok: false }));
    if (!ok || asked !== state.asked) return;
    for (const one of answer.suggestions.slice(0, FIRST)) {
      if (one.value === cell.dataset.value || (cell.classList.contains("tick") && ["true", "false"].includes(one.value))) continue;
      suggestions.append(offer(one.value, [one.value], [...word(`review-${one.source}`), one.detail ? ` ${one.detail}` : ""]));
    }
    offers.replaceChildren(...answer.suggestions.map((one) => { const it = make("option", ""); it.value = one.value; return it; }));
    const alike = fields.all.closest("label"), n = answer.alike ?? 0;
    alike.hidden = n < 2;
    alike.querySelector("span").replaceChildren(...word("review-alike"));
    for (const it of alike.querySelectorAll("span > span")) it.textContent = it.textContent.replace("{n}", n);
  }

  async function decide(action) {
    const cell = value();
    if (!cell || state.busy) return;
    await send("/api/decisions", cell, {
      revision: state.revision, row: rowOf(cell), field: cell.dataset.field, action,
      value: action === "correct" ? fields.value.value.trim() : null, all: fields.all.checked, reason: fields.reason.value.trim(),
      expect: cell.dataset.value, expect_doubt: cell.dataset.doubt,
    }, "saved");
  }

  async function undo() {
    const cell = value();
    if (!cell || state.busy) return;
    const id = state.undo.get(cell.id);
    const named = { row: rowOf(cell), field: cell.dataset.field, expect: cell.dataset.value };
    const body = { revision: state.revision, ...named, ...(id === undefined ? {} : { undo: id }) };
    await send("/api/undo", cell, body, "undone");
  }

  async function send(path, cell, body, done) {
    state.busy = true;
    changed();
    try {
      const { ok, status, answer } = await call(path, body);
      if (ok) {
        state.undo.delete(cell.id);
        if (answer.undo && done === "saved") state.undo.set(cell.id, answer.undo);
      }
      state.shown = ok || status === 409 ? `${cell.id} ` : state.shown;
      take(answer);
      if (ok) say(done, "good");
      else if (status === 409) say("changed", "bad");
      else say("refused", "bad", answer.message ?? String(status));
    } catch {
      say("offline", "bad");
    } finally {
      state.busy = false;
      changed();
    }
  }

  // What others decide is shown without asking for it.
  async function poll() {
    if (document.hidden || state.busy) return;
    const { ok, answer } = await call(`/api/state?since=${encodeURIComponent(state.revision)}`).catch(() => ({ ok: false }));
    if (!ok || state.busy || answer.revision === state.revision) return;
    take(answer);
    say("updated");
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); if (!fields.correct.disabled) decide("correct"); });
  form.addEventListener("input", changed);
  fields.confirm.addEventListener("click", () => decide("confirm"));
  fields.undo.addEventListener("click", undo);
  onSelect(fill);
  window.addEventListener("focus", poll);
  setInterval(poll, POLL);
  if (selected()) select(selected().id);
})();
