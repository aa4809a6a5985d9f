// The agent desktop. The server's events are the only source of the state shown; what the agent
// types stays in the page (and in sessionStorage) until it is saved.
import { byId, chip, fragment, h, post, put, say, strings, warn } from "./page.js";
import { Link } from "./link.js";
import { now, timerText } from "./time.js";
import { CallBar } from "./callbar.js";
import { OwnCalls } from "./own.js";
import { Choices } from "./choices.js";
import { guardTab } from "./tabs.js";

const desk = document.querySelector("[data-desk]");
const agentId = desk.dataset.agent;
const RETRY_MS = 2000;
const campaigns = new Map();
let note = null; // the newest NoteAgent
let pop = null; // the newest PopLead
let shownAttempt = ""; // whose form is open
let amending = ""; // an earlier attempt whose disposition is being changed
let preset = ""; // the attempt whose form was opened for a machine
let leadZone = "";
const saved = new Set();
const callBar = new CallBar(act, () => note, wasMachine);
const own = new OwnCalls(act, () => note, spaced);
const choices = new Choices(byId("choices"), strings.groups_back, onChoice);

// ---- events ------------------------------------------------------------------------------------

const link = new Link("/agent/events", {
  onEvent(event, isDrawn) {
    if (event.type === "NoteAgent") note = event;
    if (event.type === "PopLead") pop = event;
    own.hear(event);
    if (isDrawn) draw();
  },
  onDrawn: draw,
  onState: showLink,
  // Answers come from events, not from a timer: browsers slow the timers of a page in the background.
  onBeat: () => post("/agent/alive").catch(() => {}),
});

function showLink(state) {
  byId("link-state").dataset.state = state === "ok" ? "ok" : "lost";
  const text = { lost: strings.lost, ended: strings.ended }[state] || "";
  if (byId("link-banner").hidden === false && state === "ok") say(strings.back);
  byId("link-banner").hidden = !text;
  put(byId("link-text"), text);
  if (text) warn(text);
}

// In these a lead comes to the screen, and its name is what is announced.
const SAID_BY_THE_LEAD = new Set(["RESERVED", "TALKING", "PREVIEWING"]);

// ---- drawing -----------------------------------------------------------------------------------

function draw() {
  const state = note?.state || "OFFLINE";
  const wasIn = desk.dataset.state;
  desk.dataset.state = state;
  for (const element of desk.querySelectorAll("[data-only]")) {
    element.hidden = !element.dataset.only.split(" ").includes(state);
  }
  const pauseWord = state === "PAUSED" ? strings.pauses[note.pause_code] || note.pause_code : "";
  const label = own.isCalling(note, pop) ? { ...strings.states[state], word: strings.own_call } : strings.states[state];
  byId("state").replaceChildren(chip(label, note && state !== "OFFLINE" ? note.since : null, pauseWord));
  if (wasIn && wasIn !== state && !SAID_BY_THE_LEAD.has(state)) say(label.word);
  drawPhone(state);
  globalThis.relancePhone?.follow(note);
  callBar.draw(note, null);
  own.draw(note, pop);
  drawCampaign();
  drawCall(state);
  drawForm(state);
}

function drawPhone(state) {
  const up = globalThis.relancePhone ? "" : strings.phone_up; // the page's own phone says so itself
  const phone = state === "OFFLINE" ? "" : note.is_phone_up ? up : strings.phone_down;
  const pause = note?.wants_pause ? `${strings.pause_after}${strings.pauses[note.wants_pause] || note.wants_pause}` : "";
  put(byId("phone-state"), pause || phone);
  byId("call-phone").hidden = !note || state === "OFFLINE" || note.is_phone_up;
}

async function drawCampaign() {
  if (!note || note.state === "OFFLINE") return put(byId("where"), "");
  const campaign = await campaignOf(note.campaign_id).catch(() => null);
  if (!campaign) return setTimeout(drawCampaign, RETRY_MS);
  put(byId("where"), campaign.name);
  callBar.draw(note, campaign);
  const script = byId("script");
  if (script.dataset.campaign !== String(note.campaign_id)) {
    script.dataset.campaign = note.campaign_id;
    script.replaceChildren(...(campaign.script || strings.no_script).split(/\n{2,}/).map((part) => h("p", {}, part)));
  }
}

async function campaignOf(id) {
  if (!campaigns.has(id)) {
    campaigns.set(id, fetch(`/agent/campaigns/${id}`, { headers: { Accept: "application/json" } }).then((answer) => {
      if (!answer.ok) throw new Error(strings.failed);
      return answer.json();
    }).catch((error) => { campaigns.delete(id); throw error; }));
  }
  return campaigns.get(id);
}

// Whom the screen is about: the lead on the desk, or the person of the call.
const current = () => own.lead() || (pop && note?.attempt_id && pop.attempt_id === note.attempt_id && note.state !== "OFFLINE" ? pop : null);

function drawCall(state) {
  const lead = current();
  byId("call").hidden = !lead || !["RESERVED", "TALKING"].includes(state);
  byId("fiche").hidden = !lead;
  put(byId("hang-up-word"), note?.is_consulted ? strings.leave_consult : strings.hang_up);
  byId("hang-up").setAttribute("aria-label", note?.is_consulted ? strings.leave_consult : strings.talking_to + (lead?.name || lead?.number || ""));
  byId("timeline-box").hidden = !lead;
  byId("waiting").hidden = Boolean(lead || note?.may_choose);
  put(byId("waiting-word"), state === "OFFLINE" ? "" : strings.states[state].word);
  const key = lead && (lead.attempt_id || `${lead.lead_id} ${lead.at}`);
  if (!lead || byId("fiche").dataset.shown === key) return;
  byId("fiche").dataset.shown = key;
  showLead(lead);
}

function showLead(lead) {
  const name = lead.name || lead.number;
  put(byId("fiche-title"), name);
  put(byId("fiche-number"), spaced(lead.number));
  put(byId("call-number"), spaced(lead.number));
  put(byId("fiche-attempt"), strings.attempt_n + lead.attempt_number);
  byId("fiche-callback").hidden = !lead.is_callback;
  byId("fiche-fields").replaceChildren(...lead.fields.flatMap(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]));
  say(strings.pop + name);
  const isTyping = document.activeElement?.matches("input, textarea, select");
  if (!isTyping) byId("fiche-title").focus({ preventScroll: true });
  leadZone = "";
  const about = lead.attempt_id ? `attempts/${encodeURIComponent(lead.attempt_id)}` : `lead/${lead.lead_id}`;
  fragment(`/agent/${about}/timeline`, byId("timeline")).then(() => {
    leadZone = byId("timeline").querySelector("[data-zone]")?.dataset.zone || "";
    put(byId("callback-zone"), leadZone ? `(${leadZone})` : "");
  });
}

// +33612345678 as +33 6 12 34 56 78; numbers of other plans as they are.
function spaced(number) {
  const french = /^(\+33)(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(number) || /^(\+229)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(number);
  return french ? french.slice(1).join("\u00a0") : number;
}

// ---- the disposition form -----------------------------------------------------------------------

const owed = () => (note && !note.is_consulted && ["TALKING", "WRAP_UP", "PAUSED"].includes(note.state) && note.attempt_id && !saved.has(note.attempt_id) ? note.attempt_id : "");

function drawForm(state) {
  const attempt = owed();
  if (attempt && amending) stopAmending();
  const isOpen = Boolean(attempt || amending);
  byId("disposition").hidden = !isOpen;
  desk.classList.toggle("has-form", isOpen);
  for (const button of byId("recent").querySelectorAll("[data-amend]")) button.disabled = Boolean(attempt);
  byId("ready").disabled = Boolean(attempt);
  byId("save-ready").hidden = byId("save-pause").hidden = Boolean(amending);
  byId("save-amend").hidden = byId("cancel-amend").hidden = !amending;
  if (attempt && attempt !== shownAttempt) openForm(attempt, note.campaign_id, draftOf(attempt));
  else if (attempt && note.met_machine && preset !== attempt && !choices.chosen) openForm(attempt, note.campaign_id, draftOf(attempt));
  if (!isOpen) shownAttempt = "";
  drawWrap(state);
}

async function openForm(attempt, campaignId, draft) {
  shownAttempt = attempt;
  const campaign = await campaignOf(campaignId).catch(() => null);
  if (shownAttempt !== attempt) return;
  if (!campaign) return setTimeout(() => shownAttempt === attempt && openForm(attempt, campaignId, draft), RETRY_MS);
  choices.show(campaign.dispositions, draft.code || presetOf(attempt, campaign));
  byId("note").value = draft.note || "";
  byId("callback").value = draft.callback || "";
  fault("");
  onChoice(choices.chosen);
}

// A message was left on a machine: the form opens with the disposition that says so.
function presetOf(attempt, campaign) {
  const isMachine = note?.met_machine && note.attempt_id === attempt;
  if (isMachine) preset = attempt;
  return (isMachine && campaign.dispositions.find((one) => one.is_machine)?.code) || "";
}

function onChoice(disposition) {
  byId("callback-field").hidden = !disposition?.needs_callback;
  byId("note-optional").hidden = Boolean(disposition?.needs_note);
  byId("note").required = Boolean(disposition?.needs_note);
  keepDraft();
}

function drawWrap(state) {
  const box = byId("wrap");
  if (state === "PAUSED" && owed()) return put(box, strings.wrap_over);
  const limit = state === "WRAP_UP" && campaigns.get(note.campaign_id);
  if (!limit) return put(box, "");
  limit.catch(() => null).then((campaign) => {
    if (!campaign) return;
    const left = Math.ceil(note.since + campaign.wrap_up_limit_s - now());
    if (note.state === "WRAP_UP") put(box, left > 0 ? strings.wrap_left + timerText(left) : strings.wrap_over);
  });
}
setInterval(() => note && drawWrap(note.state), 1000);

function fault(text, focus) {
  put(byId("disposition-fault"), text);
  if (text && focus) focus.focus();
}

async function save(isReadyAfter) {
  const attempt = amending || owed();
  const chosen = choices.chosen;
  if (!attempt) return;
  if (!chosen) return fault(strings.pick, choices.first());
  if (chosen.needs_callback && !byId("callback").value) return fault(strings.need_callback, byId("callback"));
  if (chosen.needs_note && !byId("note").value.trim()) return fault(strings.need_note, byId("note"));
  setBusy(true);
  try {
    await post("/agent/dispositions", {
      attempt_id: attempt, code: chosen.code, note: byId("note").value,
      callback: chosen.needs_callback ? byId("callback").value : null, is_ready_after: isReadyAfter,
    });
    fault("");
    forgetDraft(attempt);
    say(strings.saved);
    if (amending) stopAmending(); else saved.add(attempt);
    draw();
    refreshRecent();
  } catch (error) {
    fault(error.message);
  } finally {
    setBusy(false);
  }
}

// One key for a machine: its disposition, and the end of the call; the next one may come.
async function wasMachine() {
  const attempt = owed();
  const campaign = attempt && await campaignOf(note.campaign_id).catch(() => null);
  const machine = campaign?.dispositions.find((one) => one.is_machine && !one.needs_note && !one.needs_callback);
  if (!machine || owed() !== attempt) return;
  try {
    await post("/agent/dispositions", { attempt_id: attempt, code: machine.code, note: byId("note").value, callback: null, is_ready_after: true });
  } catch (error) {
    return fault(error.message);
  }
  forgetDraft(attempt);
  saved.add(attempt);
  say(strings.saved);
  act("/agent/hang-up");
  draw();
  refreshRecent();
}

function setBusy(isBusy) {
  for (const id of ["save-ready", "save-pause", "save-amend"]) byId(id).disabled = isBusy;
}

// ---- drafts: what was typed survives a reload --------------------------------------------------

const draftKey = (attempt) => `relance:draft:${agentId}:${attempt}`;
const draftOf = (attempt) => JSON.parse(sessionStorage.getItem(draftKey(attempt)) || "{}");
const forgetDraft = (attempt) => sessionStorage.removeItem(draftKey(attempt));

function keepDraft() {
  const attempt = owed();
  if (!attempt || amending || shownAttempt !== attempt) return;
  const draft = { code: choices.chosen?.code, note: byId("note").value, callback: byId("callback").value };
  sessionStorage.setItem(draftKey(attempt), JSON.stringify(draft));
}
byId("note").addEventListener("input", keepDraft);
byId("callback").addEventListener("input", keepDraft);

// ---- earlier attempts ---------------------------------------------------------------------------

const refreshRecent = () => fragment("/agent/recent", byId("recent"));

byId("recent").addEventListener("click", (event) => {
  const button = event.target.closest("[data-amend]");
  if (!button || owed()) return;
  amending = button.dataset.amend;
  put(byId("disposition-title"), strings.amending + button.dataset.name);
  openForm(amending, Number(button.dataset.campaign), { code: button.dataset.code, note: button.dataset.note });
  draw();
  byId("disposition-title").focus();
});

const titleOfForm = byId("disposition-title").textContent;
function stopAmending() {
  amending = "";
  shownAttempt = "";
  put(byId("disposition-title"), titleOfForm);
}
byId("cancel-amend").addEventListener("click", () => { stopAmending(); draw(); });

// ---- acts -----------------------------------------------------------------------------------------

async function act(url, body, onFault = (text) => put(byId("phone-state"), text)) {
  try {
    await post(url, body);
    const before = note;
    setTimeout(() => { if (note === before && document.visibilityState === "visible") put(byId("phone-state"), strings.no_engine); }, 5000);
  } catch (error) {
    onFault(error.message);
    warn(error.message);
  }
}

byId("ready").addEventListener("click", () => act("/agent/ready"));
byId("pause").addEventListener("click", () => act("/agent/pause", { code: byId("pause-code").value }));
byId("hang-up").addEventListener("click", () => act("/agent/hang-up"));
byId("leave").addEventListener("click", async () => {
  if (!window.confirm(strings.confirm_leave)) return;
  const before = note;
  await act("/agent/leave");
  // Nobody conducts that campaign any more: do not keep the agent in a seat that is gone.
  setTimeout(() => {
    if (note !== before) return;
    note = { ...note, state: "OFFLINE", attempt_id: null };
    draw();
  }, 5500);
});
byId("call-phone").addEventListener("click", () => act("/agent/phone/call", { lost_leg_id: "" }));
byId("save-ready").addEventListener("click", () => save(true));
byId("save-pause").addEventListener("click", () => save(false));
byId("save-amend").addEventListener("click", () => save(true));

byId("seat-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  put(byId("seat-fault"), "");
  const form = new FormData(event.target);
  try {
    await globalThis.relancePhone?.prepare();
    await post("/agent/login", { campaign_id: Number(form.get("campaign_id")), phone: form.get("phone") });
    setTimeout(() => { if (!note || note.state === "OFFLINE") put(byId("seat-fault"), strings.no_engine); }, 5000);
  } catch (error) {
    put(byId("seat-fault"), error.message);
  }
});

document.addEventListener("keydown", (event) => {
  if (!event.ctrlKey || event.altKey || event.metaKey) {
    if (event.key === "Escape" && !byId("disposition").hidden) choices.back();
    return;
  }
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code); // by place: AZERTY digits need no Shift
  if (digit && !event.shiftKey && !byId("disposition").hidden) {
    event.preventDefault();
    choices.press(Number(digit[1]));
  } else if (event.key === "Enter" && note?.state === "PREVIEWING") {
    event.preventDefault();
    own.call();
  } else if (event.key === "Enter" && !byId("disposition").hidden) {
    event.preventDefault();
    save(!event.shiftKey);
  } else if (event.shiftKey && callBar.press(event.code)) {
    event.preventDefault();
  } else if (event.shiftKey && event.code === "KeyX" && ["RESERVED", "TALKING"].includes(note?.state)) {
    event.preventDefault();
    act("/agent/hang-up");
  }
});

// ---- callback quick choices, in the lead's zone --------------------------------------------------

for (const button of document.querySelectorAll("[data-callback]")) {
  button.addEventListener("click", () => {
    const when = button.dataset.callback === "1h" ? localIn(3600) : `${localIn(86400).slice(0, 10)}T${button.dataset.callback}:00`;
    byId("callback").value = when;
    keepDraft();
  });
}

function localIn(seconds) {
  const options = { timeZone: leadZone || undefined, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", options).formatToParts(new Date((now() + seconds) * 1000)).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

refreshRecent();
guardTab(`relance-desk-${agentId}`, byId("elsewhere"), byId("take-over"), {
  stop: () => { link.close(); globalThis.relancePhone?.rest(); },
  start: () => { link.open(); globalThis.relancePhone?.resume(); },
});
