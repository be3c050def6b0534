"use strict";
// The page is whole without this: it lays the rows beside the pages, and joins a value, its places and what is said of it.
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, className, ...children) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };
  const root = document.documentElement;
  const filters = $("filters"), panel = $("panel"), sheets = $("sheets");
  const lists = { tasks: $("tasks"), rows: $("table") };
  const listeners = [];
  const state = { target: "", task: "", tab: "tasks", zoom: 1 };

  // Words

  const word = (name) => [...document.querySelector(`#words [data-word="${name}"]`).cloneNode(true).childNodes];
  const code = (name) => {
    const found = document.querySelector(`#codes [data-code="${CSS.escape(name)}"]`);
    return found ? [...found.cloneNode(true).childNodes] : [];
  };
  const language = () => document.querySelector("input[name=language]:checked").value;

  function speak() {
    const now = language();
    root.lang = now === "zh" ? "zh-CN" : "en";
    for (const it of all("[data-zh]")) {
      const text = it.dataset[now];
      if (it.tagName === "OPTION") it.textContent = text;
      else if (it.tagName === "INPUT") it.placeholder = text;
      else { it.title = text; it.setAttribute("aria-label", text); }
    }
  }

  // Rows are laid out as cards: each value says which field it is of.

  const titles = new Map();

  function label() {
    const heads = all("thead th").slice(1);
    const options = all("select[name=field] option", filters).slice(1);
    heads.forEach((head, i) => titles.set(options[i].value, head));
    for (const row of all("#rows .row")) {
      const serial = row.querySelector("td.serial");
      if (serial && serial.dataset.value === row.id.slice(1)) row.firstElementChild.classList.add("same");
    }
    for (const cell of all("#rows td[data-field]")) {
      const title = titles.get(cell.dataset.field);
      if (title) cell.firstElementChild.prepend(make("span", "label", ...title.cloneNode(true).childNodes));
    }
  }

  // Filters: a row stays when one of its values fits all of them, a task when its value, or else the task itself, fits.

  const marked = (cell, kind) => !kind || cell.classList.contains(kind);
  const onPage = (pages, page) => !page || pages.split(" ").includes(page);

  function apply() {
    const { field, kind, page } = Object.fromEntries(["field", "kind", "page"].map((name) => [name, filters.elements[name].value]));
    const text = filters.elements.text.value.trim().toLowerCase();
    let rows = 0, tasks = 0;
    for (const row of all("#rows .row")) {
      const cells = all("td", row);
      const fitting = cells.filter((cell) => (!field || cell.dataset.field === field) && marked(cell, kind) && onPage(cell.dataset.pages, page));
      row.hidden = fitting.length === 0 || (text !== "" && !row.textContent.toLowerCase().includes(text));
      for (const cell of cells) cell.classList.toggle("dim", Boolean(field || kind) && !fitting.includes(cell) && !cell.classList.contains("key"));
      rows += row.hidden ? 0 : 1;
    }
    for (const task of all("#queue .task")) {
      const cell = task.dataset.target && $(task.dataset.target);
      const kinds = cell && cell.tagName === "TD" ? marked(cell, kind) : !kind || kind === "issue" || (kind === "error" && task.classList.contains("error"));
      const fits = (!field || task.dataset.field === field) && kinds && onPage(task.dataset.pages, page);
      task.hidden = !fits || (text !== "" && !task.textContent.toLowerCase().includes(text));
      tasks += task.hidden ? 0 : 1;
    }
    $("tab-rows").querySelector("b").textContent = rows;
    $("tab-tasks").querySelector("b").textContent = tasks;
    lists.rows.querySelector(".none").hidden = rows > 0;
    lists.tasks.querySelector(".none").hidden = tasks > 0 || all("#queue .task").length === 0;
  }

  function show(tab) {
    state.tab = tab;
    for (const name of Object.keys(lists)) {
      lists[name].hidden = name !== tab;
      $(`tab-${name}`).setAttribute("aria-selected", String(name === tab));
      $(`tab-${name}`).tabIndex = name === tab ? 0 : -1;
    }
    reveal();
  }

  // Scrolls a list just so far that something in it can be seen.
  function into(list, it, middle = false) {
    if (!it || list.hidden || !it.getClientRects().length) return;
    const inner = it.getBoundingClientRect(), outer = list.getBoundingClientRect();
    if (middle) {
      list.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
      const wide = inner.width < outer.width - 40;
      list.scrollLeft += wide ? inner.left + inner.width / 2 - outer.left - outer.width / 2 : inner.left - outer.left - 16;
    } else if (inner.top < outer.top + 4) list.scrollTop += inner.top - outer.top - 4;
    else if (inner.bottom > outer.bottom - 4) list.scrollTop += Math.min(inner.bottom - outer.bottom + 4, inner.top - outer.top - 4);
  }

  function reveal() {
    into(lists.tasks, $(state.task));
    const cell = $(state.target);
    if (cell && lists.rows.contains(cell)) { into(lists.rows, cell); into(lists.rows, cell); }
  }

  // Selection: a value, and with it its places; or a row, a place or a page that an issue is about.

  const boxesOf = (it) => (it.dataset.boxes ?? "").split(" ").filter(Boolean).map($).filter(Boolean);

  function select(target, { task = "", scroll = true } = {}) {
    for (const it of all(".selected, .lit")) it.classList.remove("selected", "lit");
    const it = target ? $(target) : null;
    state.target = it ? target : "";
    state.task = task || (all("#queue .task").find((one) => !one.hidden && one.dataset.target === target)?.id ?? "");
    $(state.task)?.classList.add("selected");
    panel.hidden = !it && !state.task;
    let places = [];
    if (it) {
      it.classList.add(it.classList.contains("box") ? "lit" : "selected");
      places = it.tagName === "TD" ? boxesOf(it) : it.tagName === "TR" ? all("td.key", it).flatMap(boxesOf) : [it];
      for (const box of places) if (box.classList.contains("box")) box.classList.add("lit");
    }
    if (!panel.hidden) tell(it, places);
    if (scroll && places.length) into(sheets, places[0].querySelector("rect") ?? places[0], true);
    reveal();
    for (const listener of listeners) listener(it);
  }

  // Printed lines as one text: a line end is a space only between words of an alphabet.
  const joined = (text) => text.replace(/\s*\n\s*/g, (end, at) => (/\w/.test(text[at - 1] ?? "") && /[a-z]/i.test(text[at + end.length] ?? "") ? " " : ""));

  const item = (title, className, ...children) => make("div", "", make("dt", "", ...title), make("dd", className, ...children));

  function tell(it, places) {
    const row = it?.closest("tr"), task = $(state.task), value = it?.tagName === "TD" ? it : null;
    const title = make("span", "");
    if (row) title.append(`№ ${row.id.slice(1)} `, nameOf(row));
    if (value && titles.has(value.dataset.field)) title.append(" · ", ...titles.get(value.dataset.field).cloneNode(true).childNodes);
    if (!row && task) title.append(...task.querySelector(".badge").cloneNode(true).childNodes);
    $("panel-title").replaceChildren(title);
    const list = make("dl", "");
    if (value) {
      const now = [...value.firstElementChild.cloneNode(true).childNodes].filter((node) => !(node.classList?.contains("label")));
      list.append(item(word("value"), "now", ...now));
      for (const why of all(".why", value)) list.append(item(word("why"), "why", ...why.cloneNode(true).childNodes));
      const edits = value.querySelector(".edits");
      if (edits) list.append(item(word("difference"), "", edits.cloneNode(true)));
    }
    if (places.length) {
      const printed = places.filter((box) => box.classList.contains("box")).map((box) => make("span", "printed", joined(box.querySelector("title")?.textContent ?? box.textContent)));
      if (printed.length) list.append(item(word("printed"), "", ...printed.map((text) => (text.textContent.trim() ? text : make("span", "printed blank", ...word("blank"))))));
    }
    const others = all("#queue .task").filter((one) => (one === task || (it && one.dataset.target === it.id)) && one.dataset.code !== "doubt");
    for (const one of others) list.append(item(one.querySelector(".badge").cloneNode(true).childNodes, "why", ...one.querySelector(".reasons").cloneNode(true).childNodes));
    const decided = value?.querySelector(".decided");
    if (decided) list.append(item(word("decided"), "", decided.textContent));
    if (value) list.append(item(word("how"), "", ...history(value)), item(word("places"), "", ...links(places)));
    $("panel-body").replaceChildren(list);
  }

  function nameOf(row) {
    const keys = all("td.key.text .value", row).map((value) => [...value.childNodes].filter((node) => !node.classList?.contains("label")).map((node) => node.textContent).join(""));
    return keys.slice(1).join(" / ") || keys.join("");
  }

  function history(value) {
    const [origin, ...rules] = value.dataset.how.trim().split(/\s+/);
    const told = [origin && code(`origin-${origin}`), ...rules.map((rule) => code(`rule-${rule}`))].filter(Boolean);
    const parts = told.flatMap((words, i) => (i ? ["；", ...words] : words));
    return value.dataset.score ? [...parts, "（", ...word("score"), ` ${value.dataset.score}）`] : parts;
  }

  function links(places) {
    if (!places.length) return word("nowhere");
    return places.map((box) => {
      const page = box.closest("figure").querySelector("figcaption").cloneNode(true).childNodes;
      const number = box.closest(".line")?.querySelector(".number").textContent;
      const link = make("a", "place", ...page, number ? ` : ${number}` : "");
      link.href = `#${box.id}`;
      link.addEventListener("click", (event) => { event.preventDefault(); into(sheets, box.querySelector("rect") ?? box, true); });
      return link;
    });
  }

  function step(by) {
    const tasks = all("#queue .task").filter((task) => !task.hidden);
    if (!tasks.length) return;
    const now = tasks.findIndex((task) => task.id === state.task);
    const next = now < 0 ? (by > 0 ? 0 : tasks.length - 1) : (now + by + tasks.length) % tasks.length;
    select(tasks[next].dataset.target, { task: tasks[next].id });
  }

  // Zoom: at first so large that print of seven points can be read.

  function zoom(factor) {
    const middle = [(sheets.scrollLeft + sheets.clientWidth / 2) / state.zoom, (sheets.scrollTop + sheets.clientHeight / 2) / state.zoom];
    state.zoom = Math.min(8, Math.max(1, factor));
    sheets.style.setProperty("--zoom", state.zoom);
    sheets.scrollTo(middle[0] * state.zoom - sheets.clientWidth / 2, middle[1] * state.zoom - sheets.clientHeight / 2);
  }

  function legible() {
    const paper = document.querySelector(".paper svg");
    if (paper) zoom((1.3 * paper.viewBox.baseVal.width) / sheets.clientWidth);
  }

  // A part that the server made anew takes the place of the old one; what was chosen stays chosen.
  function refresh(parts) {
    for (const [id, html] of Object.entries(parts)) {
      const it = $(id);
      if (it) it.innerHTML = html;
    }
    label();
    apply();
    const list = lists[state.tab], top = list.scrollTop;
    select(state.target, { scroll: false });
    list.scrollTop = top;
  }

  function onClick(event) {
    const task = event.target.closest("#queue .task"), value = event.target.closest("#rows td"), box = event.target.closest(".box");
    if (!task && !value && !box) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!event.target.closest("a")) return;
    event.preventDefault();
    if (task) select(task.dataset.target, { task: task.id });
    else if (value) select(value.id);
    else {
      const values = box.dataset.values.split(" ").filter(Boolean);
      if (!values.length) return;
      show("rows");
      // A cell over several rows: one click after the other goes through them.
      const next = (values.indexOf(state.target) + 1) % values.length;
      select(values[next], { scroll: false });
    }
  }

  const KEYS = {
    j: () => step(1), n: () => step(1), k: () => step(-1), p: () => step(-1),
    t: () => { show("tasks"); $("tab-tasks").focus(); }, r: () => { show("rows"); $("tab-rows").focus(); },
    "/": () => filters.elements.text.focus(), "+": () => zoom(state.zoom * 1.25), "=": () => zoom(state.zoom * 1.25), "-": () => zoom(state.zoom / 1.25),
    Escape: () => select(""),
  };

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches?.("input:not([type=radio]):not([type=checkbox]), select, textarea");
    if (typing) { if (event.key === "Escape") event.target.blur(); return; }
    const act = KEYS[event.key];
    if (act) { event.preventDefault(); act(); }
  }

  function start() {
    const wanted = (navigator.languages ?? [navigator.language])[0] ?? "zh";
    $(wanted.toLowerCase().startsWith("zh") ? "language-zh" : "language-en").checked = true;
    for (const it of [filters, document.querySelector(".tabs"), document.querySelector(".help"), $("print")]) it.hidden = false;
    for (const [name, list] of Object.entries(lists)) { list.setAttribute("role", "tabpanel"); list.setAttribute("aria-labelledby", `tab-${name}`); }
    document.querySelector(".zoom").hidden = !document.querySelector(".paper");
    label();
    speak();
    apply();
    show(document.querySelector("#queue .task") ? "tasks" : "rows");
    legible();
    filters.addEventListener("input", apply);
    filters.addEventListener("reset", () => setTimeout(apply));
    filters.addEventListener("submit", (event) => event.preventDefault());
    $("print").addEventListener("click", () => window.print());
    for (const radio of all("input[name=language]")) radio.addEventListener("change", speak);
    for (const name of Object.keys(lists)) $(`tab-${name}`).addEventListener("click", () => show(name));
    document.querySelector(".tabs").addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = state.tab === "tasks" ? "rows" : "tasks";
      show(other);
      $(`tab-${other}`).focus();
    });
    const [smaller, fit, larger] = all(".zoom button");
    smaller.addEventListener("click", () => zoom(state.zoom / 1.25));
    fit.addEventListener("click", () => zoom(1));
    larger.addEventListener("click", () => zoom(state.zoom * 1.25));
    const [previous, next, close] = all(".bar button", panel);
    previous.addEventListener("click", () => step(-1));
    next.addEventListener("click", () => step(1));
    close.addEventListener("click", () => select(""));
    document.addEventListener("click", onClick);
    document.addEventListener("keydown", onKey);
    const asked = decodeURIComponent(location.hash.slice(1));
    if (asked && $(asked)?.matches("td, .box")) select($(asked).matches("td") ? asked : $(asked).dataset.values.split(" ")[0]);
    root.dataset.ready = "";
  }

  start();
  // What the form for decisions needs to know.
  window.catalogReport = { select, refresh, step, language, make, word, selected: () => $(state.target), onSelect: (listener) => listeners.push(listener) };
})();
