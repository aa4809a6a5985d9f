// What every page has: the clock, running timers, confirmations, the drop zone, polled fragments.
import { fragment, h, say } from "./page.js";
import { clockText, now, timerText } from "./time.js";

// The server formats times in this zone (see web/i18n.py).
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`relance_zone=${zone}`)) {
  document.cookie = `relance_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

function tick() {
  for (const element of document.querySelectorAll("[data-clock]")) element.textContent = clockText();
  for (const element of document.querySelectorAll("[data-since]")) {
    element.textContent = timerText(now() - Number(element.dataset.since));
  }
}
tick();
setInterval(tick, 1000);

// On a narrow screen the menu scrolls: begin where the reader is.
document.querySelector(".menu [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  if (event.target.matches("[data-sets-name]")) nameAfterFile(event.target);
});

function sizeText(bytes) {
  const [unit, size] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  return size.toLocaleString(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: 1 });
}

function nameAfterFile(input) {
  const file = input.files[0];
  const target = document.getElementById(input.dataset.setsName);
  const shown = document.getElementById(input.dataset.shows);
  if (!file) return;
  if (shown) shown.textContent = `${file.name} · ${sizeText(file.size)}`;
  if (target && !target.value) target.value = file.name.replace(/\.[^.]+$/, "");
  say(file.name);
}

for (const zoneElement of document.querySelectorAll("[data-drop]")) {
  const input = zoneElement.querySelector('input[type="file"]');
  for (const kind of ["dragenter", "dragover"]) {
    zoneElement.addEventListener(kind, (event) => { event.preventDefault(); zoneElement.classList.add("is-over"); });
  }
  for (const kind of ["dragleave", "drop"]) {
    zoneElement.addEventListener(kind, (event) => { event.preventDefault(); zoneElement.classList.remove("is-over"); });
  }
  zoneElement.addEventListener("drop", (event) => {
    input.files = event.dataTransfer.files;
    nameAfterFile(input);
  });
}

// Lines to be filled in: one empty line is shown, and a button that shows the next.
for (const lines of document.querySelectorAll("[data-more-lines]")) {
  const isFilled = (line) => [...line.querySelectorAll("select, input")].some((field) => field.value);
  const shown = [...lines.children].findLastIndex(isFilled) + 2;
  const hidden = [...lines.children].slice(shown);
  const more = h("button", { type: "button", class: "button small quiet" }, lines.dataset.moreLines);
  for (const line of hidden) line.hidden = true;
  more.addEventListener("click", () => {
    const next = hidden.shift();
    next.hidden = false;
    next.querySelector("select, input").focus();
    more.hidden = hidden.length === 0;
  });
  if (hidden.length) lines.after(more);
}

// A part of the page that refreshes itself while the server says so (data-poll in what it sent).
// Each second, or each data-poll-s seconds.
let nPolls = 0;
setInterval(() => {
  nPolls += 1;
  for (const element of document.querySelectorAll("[data-poll]")) {
    if (nPolls % Number(element.dataset.pollS || 1) === 0) refresh(element);
  }
}, 1000);

// A form within such a part: the part follows at once, and the rest of the page stays as it is.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.refreshes || event.defaultPrevented) return;
  event.preventDefault();
  const part = form.closest("[data-poll-target]");
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return form.submit(); // the whole page says what is wrong
  await refresh(part.querySelector("[data-poll]"));
  part.tabIndex = -1;
  part.focus();
  say(form.dataset.refreshes);
});

async function refresh(element) {
  const target = element.closest("[data-poll-target]");
  await fragment(element.dataset.poll, target);
  const end = target.querySelector("[data-poll-end]");
  if (end && !element.isConnected) say(end.textContent);
}
