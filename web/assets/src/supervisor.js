// Live figures of one campaign or of all. Each picture is whole: the page draws the newest and
// keeps the last ten minutes for the chart, which begins with those of before the page was opened.
// What has not moved for 3 s is shown as stale.
import { Chart, counts, fromNothing, percents } from "./chart.js";
import { Link } from "./link.js";
import { Listening } from "./listening.js";
import { byId, chip, h, icon, put, strings } from "./page.js";
import { now, timerText } from "./time.js";

const CONDUCTED = ["RUNNING", "PAUSED", "DRAINING"];
const STALE_S = 3;
const KEPT = 600;
const RATE_WINDOW_S = 10;
const PACING_COUNTS = ["n_dialed", "n_agents", "n_free", "n_soon_free", "n_ringing", "n_waiting", "expected_answers", "bank", "n_leads", "n_lines_left", "n_calls_allowed"];
const lang = document.documentElement.lang;
const percentFormat = new Intl.NumberFormat(lang, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholePercent = new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 });
const numberFormat = new Intl.NumberFormat(lang, { maximumFractionDigits: 2 });
const fill = (text, a, b) => text.replace("{a}", a).replace("{b}", b);

const root = document.querySelector("[data-live]");
const boards = new Map();

class Board {
  constructor(element) {
    this.element = element;
    this.heardAt = null;
    this.history = JSON.parse(byId("trail")?.textContent || "[]");
    const box = this.part("chart");
    this.chart = box ? new Chart(box, this.part("legend"), drawnAs) : null;
    this.listening = new Listening(strings.me);
  }

  part(name) {
    return this.element.querySelector(`[data-part="${name}"]`);
  }

  set(name, text) {
    put(this.part(name), text);
  }

  draw(view) {
    this.heardAt = now() - Math.max(0, now() - view.at);
    this.view = view;
    this.history.push(view);
    if (this.history.length > KEPT) this.history.shift();
    this.part("state")?.replaceChildren(chip(strings.campaigns[view.state]));
    this.set("mode", strings.modes[view.mode]);
    this.set("window", view.is_window_open ? strings.open : strings.closed);
    for (const name of ["n_waiting", "n_connected", "n_hopper"]) this.set(name, numberFormat.format(view[name]));
    this.set("n_ringing", numberFormat.format(view.n_dialing + view.n_ringing));
    this.set("n_agents", numberFormat.format(view.agents.length));
    this.set("occupancy", wholePercent.format(view.occupancy));
    this.set("longest", view.n_waiting ? fill(strings.longest, timerText(view.longest_wait_s)) : "");
    this.set("answer-rate", view.n_attempts ? wholePercent.format(view.n_answered / view.n_attempts) : "—");
    this.set("answers", fill(strings.of_attempts, numberFormat.format(view.n_answered), numberFormat.format(view.n_attempts)));
    this.set("per-s", `${numberFormat.format(this.callsPerSecond())}/s · ${fill(strings.limit_per_s, numberFormat.format(view.max_calls_per_s))}`);
    this.drawAbandon(view);
    this.drawPacing(view.pacing);
    this.listening.draw(view);
    this.drawAgents(view.agents);
    this.drawAlarms(view.alarms);
    this.chart?.draw(curves(this.history));
    this.age();
  }

  callsPerSecond() {
    const last = this.history.at(-1);
    const first = this.history.find((view) => last.at - view.at <= RATE_WINDOW_S) || last;
    const seconds = last.at - first.at;
    return seconds > 0 ? Math.max(0, (last.n_attempts - first.n_attempts) / seconds) : 0;
  }

  drawAbandon(view) {
    this.set("p-target", percentFormat.format(view.abandon_target));
    this.set("abandon", view.n_live ? percentFormat.format(view.abandon_rate) : "—");
    this.set("abandon-note", `${fill(strings.of_live, numberFormat.format(view.n_abandoned), numberFormat.format(view.n_live))} · ${fill(strings.target, percentFormat.format(view.abandon_target))}`);
    const [word, tone, name] = verdict(view);
    const box = this.part("verdict");
    const key = word + tone;
    if (box && box.dataset.key !== key) {
      box.dataset.key = key;
      box.className = `verdict tone-${tone}`;
      box.replaceChildren(icon(name), h("span", {}, word));
    }
    const tile = this.part("abandon-tile");
    if (tile) tile.className = `tile toned tone-${tone}`;
  }

  drawPacing(pacing) {
    this.set("limit", strings.limits[pacing.limit] ?? pacing.limit);
    this.set("limit-why", strings.guards[pacing.limit] ?? "");
    for (const name of PACING_COUNTS) this.set(`p-${name}`, numberFormat.format(pacing[name]));
    for (const name of ["answer_rate", "risk", "theta"]) this.set(`p-${name}`, percentFormat.format(pacing[name]));
  }

  drawAgents(agents) {
    const body = this.part("agents");
    if (!body) return;
    const order = Object.keys(strings.agents).reverse();
    const counts = Object.fromEntries(order.map((state) => [state, agents.filter((agent) => agent.state === state).length]));
    const shown = ["READY", "PREVIEWING", "RESERVED", "TALKING", "WRAP_UP", "PAUSED"].filter((state) => counts[state]);
    this.part("state-bar").replaceChildren(...shown.map((state) => {
      const piece = h("span", { class: `tone-${strings.agents[state].tone}` });
      piece.style.flexGrow = counts[state];
      return piece;
    }));
    this.part("state-words").replaceChildren(...shown.map((state) => chip({ ...strings.agents[state], word: `${strings.agents[state].word} ${counts[state]}` })));
    if (!agents.length) return body.replaceChildren(h("tr", {}, h("td", { colspan: 5, class: "muted" }, strings.no_agents)));
    const rank = (agent) => shown.indexOf(agent.state);
    const rows = [...agents].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, lang, { numeric: true }));
    const old = new Map([...body.children].map((row) => [row.dataset.key, row]));
    body.replaceChildren(...rows.map((agent) => {
      const key = JSON.stringify([agent, this.listening.of(agent)]);
      return old.get(key) || agentRow(agent, key, this.listening.cell(agent));
    }));
  }

  drawAlarms(alarms) {
    const box = this.part("alarms");
    if (!box || box.dataset.key === String(alarms)) return;
    box.dataset.key = String(alarms);
    box.replaceChildren(...alarms.map((code) => h("p", { class: "notice warn" }, icon("alert"), h("span", {}, strings.alarms[code] || code))));
  }

  /** A picture grows old only while an engine should be drawing it. */
  age() {
    const age = this.heardAt === null ? Infinity : now() - this.heardAt;
    const isStale = age > STALE_S && CONDUCTED.includes(this.view?.state ?? this.element.dataset.state);
    this.element.classList.toggle("is-stale", isStale);
    this.set("stale", !isStale ? "" : age === Infinity ? strings.no_picture : fill(strings.stale, Math.round(age)));
  }
}

function verdict(view) {
  if (!view.n_live) return [strings.nothing, "neutral", "circle"];
  if (view.abandon_rate > view.abandon_target) return [strings.alert, "fault", "alert"];
  if (view.abandon_rate > 0.8 * view.abandon_target) return [strings.watch, "wrap", "info"];
  return [strings.ok, "ready", "check"];
}

function agentRow(agent, key, listening) {
  const pause = agent.state === "PAUSED" ? strings.pauses[agent.pause_code] || agent.pause_code : "";
  const phone = agent.is_phone_up ? strings.phone_up : strings.phone_down;
  const row = h("tr", { "data-key": key },
    h("th", { scope: "row" }, agent.name),
    h("td", {}, chip(strings.agents[agent.state], agent.since, pause)),
    h("td", {}, h("span", { class: agent.is_phone_up ? "" : "phone-down" }, icon(agent.is_phone_up ? "phone" : "phone-off"), ` ${phone}`)),
    h("td", { class: "num" }, numberFormat.format(agent.n_handled)),
    listening);
  return row;
}

const LINES = [
  { label: strings.abandon, colour: "--fault", scale: "%" },
  { label: strings.occupancy, colour: "--talking", scale: "%", dash: [8, 4] },
  { label: strings.ringing, colour: "--dialing", scale: "n", dash: [2, 3] },
];
const drawnAs = { lines: LINES, scales: { "%": { range: [0, 100] }, n: fromNothing(5) }, axes: (axis) => [percents(axis), counts(axis)] };

function curves(history) {
  return [
    history.map((view) => view.at),
    history.map((view) => view.abandon_rate * 100),
    history.map((view) => view.occupancy * 100),
    history.map((view) => view.n_dialing + view.n_ringing),
  ];
}

if (root) {
  const elements = root.dataset.campaign ? [root] : root.querySelectorAll("[data-campaign]");
  for (const element of elements) boards.set(Number(element.dataset.campaign), new Board(element));
  new Link(root.dataset.live, { onEvent: (view) => boards.get(view.campaign_id)?.draw(view), onDrawn() {}, onState() {} });
  setInterval(() => boards.forEach((board) => board.age()), 1000);
}

const slider = byId("abandon-target");
slider?.addEventListener("input", () => {
  put(document.querySelector('[data-output="abandon-target"]'), percentFormat.format(Number(slider.value) / 100));
});
