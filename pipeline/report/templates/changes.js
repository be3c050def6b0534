"use strict";
(() => {
  const form = document.querySelector(".filters");
  if (!form) return;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const doubtful = form.elements.doubtful;
  const sections = [...document.querySelectorAll("section.kind")];
  const apart = document.querySelector(".doubtful");

  function apply() {
    const wanted = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
    const known = new Set(kinds.map((box) => box.value));
    const group = form.elements.group.value;
    const text = form.elements.text.value.trim().toLowerCase();
    let any = false;
    for (const section of sections) {
      const inApart = apart !== null && apart.contains(section);
      const kind = section.dataset.kind;
      const open = (wanted.has(kind) || !known.has(kind)) && !(inApart && !doubtful.checked);
      let some = false;
      for (const article of section.querySelectorAll("article")) {
        let fits = false;
        for (const entry of article.querySelectorAll(".entry")) {
          const fit = (!group || entry.dataset.group === group) && entry.dataset.name.toLowerCase().includes(text);
          entry.hidden = !fit;
          fits = fits || fit;
        }
        article.hidden = !fits;
        some = some || fits;
      }
      section.hidden = !(open && some);
      any = any || !section.hidden;
    }
    if (apart) apart.hidden = !doubtful.checked;
    document.querySelector(".none").hidden = any;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.print.addEventListener("click", () => window.print());
  apply();
})();
