// Lists: files sent in parts that survive a lost connection, and the course of an import.
import { fragment, say } from "./page.js";

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
const token = () => document.querySelector('meta[name="csrf-token"]').content;

class Refused extends Error {}

async function ask(url, options) {
  const answer = await fetch(url, { credentials: "same-origin", ...options, headers: { Accept: "application/json", "X-CSRFToken": token(), ...options.headers } });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 409 && told.offset !== undefined) return told; // the file ends elsewhere
  if (answer.ok) return told;
  const error = answer.status >= 500 ? Error : Refused;
  throw new error(told.error || answer.statusText);
}

for (const form of document.querySelectorAll("[data-upload]")) form.addEventListener("submit", (event) => {
  const file = form.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  send(form, file);
});

async function send(form, file) {
  const bar = form.querySelector("[data-upload-bar]");
  const words = form.querySelector("[data-upload-words]");
  const button = form.querySelector('[type="submit"]');
  button.disabled = true;
  bar.hidden = false;
  say(form.dataset.sending);
  try {
    const url = await sendParts(form, file, bar, words);
    window.onbeforeunload = null;
    location.assign(url);
  } catch (error) {
    words.textContent = error.message;
    words.className = "notice fault";
    button.disabled = false;
  }
}

async function sendParts(form, file, bar, words) {
  const facts = { campaign_id: Number(form.elements.campaign_id.value), name: form.elements.name.value, file_name: file.name, size: file.size };
  const begin = () => ask(form.dataset.upload, { method: "POST", body: JSON.stringify(facts), headers: { "Content-Type": "application/json" } });
  window.onbeforeunload = (event) => event.preventDefault();
  let standing = await patiently(begin, form, words);
  const { part_bytes: size, part_url: partUrl } = standing;
  while (!standing.url) {
    const offset = standing.offset;
    const part = file.slice(offset, offset + size);
    standing = { ...standing, ...(await patiently(() => ask(`${partUrl}?offset=${offset}`, { method: "PUT", body: part, headers: { "Content-Type": "application/octet-stream" } }), form, words)) };
    bar.value = standing.offset / file.size;
    words.textContent = `${form.dataset.sending} · ${Math.floor(100 * bar.value)} %`;
  }
  return standing.url;
}

// Again and again while the connection is gone; what the server refuses is refused.
async function patiently(attempt, form, words) {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Refused) { window.onbeforeunload = null; throw error; }
      words.textContent = form.dataset.lost;
      await wait(pause);
    }
  }
}

function follow() {
  const element = document.querySelector("[data-course]");
  if (!element) return;
  const stream = new EventSource(element.dataset.course);
  stream.onmessage = (event) => {
    const told = JSON.parse(event.data);
    if (!told.words) return;
    element.querySelector("progress").value = told.share;
    element.querySelector("[data-course-words]").textContent = told.words;
  };
  stream.addEventListener("over", async () => {
    stream.close();
    const target = element.closest("[data-course-target]");
    await fragment(element.dataset.courseEnd, target);
    const over = target.querySelector("[data-course-over]");
    if (over) say(over.textContent);
    else location.reload(); // a dry run ends on the page of the columns
  });
}
follow();

// Without a column of evidence, only consents on record let rows in: said while that is so.
function sayEvidence(hint, form) {
  const hasColumn = [...form.querySelectorAll("[data-role]")].some((role) => role.value === "consent");
  hint.hidden = hasColumn || !form.elements.needs_consent.checked;
}
for (const hint of document.querySelectorAll("[data-no-evidence]")) {
  const form = hint.closest("form");
  form.addEventListener("change", () => sayEvidence(hint, form));
}

// The agent's name of a column is asked for only where he sees the column.
function fit(select) {
  const name = select.closest("tr").querySelector("[data-role-name]");
  name.disabled = select.value !== "field";
  name.classList.toggle("is-off", name.disabled);
}
for (const select of document.querySelectorAll("[data-role]")) {
  fit(select);
  select.addEventListener("change", () => fit(select));
}
