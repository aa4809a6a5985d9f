// Bringing somebody in: the panel of colleagues and outside destinations, and the bar of the
// consultation. Every button shows what the dialer says; a press changes nothing by itself.
import { byId, h, icon, put, say, strings, warn } from "./page.js";

const STAGES = { CONSULTING: "consulting", THREE_WAY: "three_way" };

export class Transfer {
  // `send(what, body)` acts on the call in progress; `noteOf()` gives the newest NoteAgent.
  constructor(send, noteOf) {
    this.send = send;
    this.noteOf = noteOf;
    this.shown = "";
    this.refused = null;
    this.isByHand = false;
    this.panel = byId("transfer-panel");
    byId("call-transfer").addEventListener("click", () => this.toggle());
    this.panel.addEventListener("click", (event) => this.chosen(event.target.closest("[data-what]")));
    this.panel.addEventListener("keydown", (event) => this.typed(event));
    byId("third-meet").addEventListener("click", () => this.act("three-way"));
    byId("third-give").addEventListener("click", () => this.act("hand-over"));
    byId("third-return").addEventListener("click", () => this.act("return"));
    this.keys = { KeyT: () => this.toggle(), KeyY: () => this.act("three-way"), KeyG: () => this.act("hand-over"), KeyL: () => this.act("return") };
  }

  // ---- the bar: what the dialer says --------------------------------------------------------------

  draw(note) {
    const stage = note?.state === "TALKING" || note?.is_consulted ? note.stage || "" : "";
    const bar = byId("third");
    bar.hidden = !stage;
    bar.dataset.stage = stage;
    bar.dataset.third = note?.third || "";
    if (stage) this.close();
    put(byId("third-word"), stage ? this.sentence(note) : "");
    const isOwner = !note?.is_consulted;
    const isReached = note?.third === "TALKING";
    byId("third-meet").hidden = !isOwner || stage !== "CONSULTING";
    byId("third-give").hidden = byId("third-return").hidden = !isOwner;
    byId("third-meet").disabled = byId("third-give").disabled = !isReached;
    put(byId("third-give-word"), stage === "THREE_WAY" ? strings.leave_them : strings.hand_over);
    put(byId("third-return-word"), this.returnWord(stage, note));
    this.announce(note, stage);
  }

  sentence(note) {
    const key = note.is_consulted ? "consulted" : note.third === "TALKING" ? STAGES[note.stage] : note.stage === "THREE_WAY" ? "joining" : "calling";
    return strings[key].replace("{name}", note.third_name);
  }

  returnWord(stage, note) {
    if (stage === "THREE_WAY") return strings.let_go.replace("{name}", note.third_name);
    return note?.third === "CALLING" ? strings.give_up : strings.take_back;
  }

  announce(note, stage) {
    if (note?.refused && note !== this.refused) warn(strings.refused[note.refused] || strings.failed);
    this.refused = note;
    const line = byId("third-refused");
    put(line, note?.refused ? strings.refused[note.refused] || strings.failed : "");
    line.hidden = !note?.refused;
    const now = stage ? `${note.attempt_id} ${stage} ${note.third}` : "";
    if (now && now !== this.shown) say(this.sentence(note));
    const wasCalling = this.shown.endsWith("CALLING") && note?.attempt_id === this.shown.split(" ")[0];
    if (!stage && wasCalling && !this.isByHand) this.tell(strings.not_reached);
    if (now !== this.shown) this.isByHand = false;
    this.shown = now;
  }

  tell(sentence) {
    put(byId("third-refused"), sentence);
    byId("third-refused").hidden = false;
    warn(sentence);
  }

  act(what) {
    const button = { "three-way": "third-meet", "hand-over": "third-give", return: "third-return" }[what];
    if (byId("third").hidden || byId(button).hidden || byId(button).disabled) return;
    this.isByHand = true;
    this.send(what);
  }

  // ---- the panel: whom to bring in ----------------------------------------------------------------

  async toggle() {
    if (!this.panel.hidden) return this.close(true);
    if (this.noteOf()?.stage || this.noteOf()?.is_consulted) return;
    const answer = await fetch("/agent/call/colleagues", { headers: { Accept: "application/json" } }).catch(() => null);
    const found = answer?.ok ? await answer.json() : { colleagues: [], busy: [], destinations: [] };
    this.fill(found);
    this.panel.hidden = false;
    byId("call-transfer").setAttribute("aria-expanded", "true");
    (this.panel.querySelector("button") || this.panel).focus();
  }

  fill(found) {
    const free = found.colleagues.map((one) => this.row("user", one.name, strings.free, { to_agent_id: one.agent_id }));
    const busy = found.busy.map((one) => h("li", { class: "target is-busy" }, icon("user"), h("span", { class: "target-name" }, one.name), h("span", { class: "muted" }, one.word)));
    const outside = found.destinations.map((label) => this.row("phone", label, "", { destination: label }));
    byId("targets-colleagues").replaceChildren(...free, ...busy);
    byId("targets-outside").replaceChildren(...outside);
    byId("no-colleague").hidden = Boolean(free.length);
    byId("outside-box").hidden = !outside.length;
  }

  row(picture, name, word, target) {
    const button = (what, text) => h("button", { class: "button small", type: "button", "data-what": what, "data-target": JSON.stringify(target), "aria-label": `${text} : ${name}` }, text);
    return h("li", { class: "target" }, icon(picture), h("span", { class: "target-name" }, name), word ? h("span", { class: "chip tone-ready" }, word) : null, button("consult", strings.consult), button("transfer", strings.transfer));
  }

  chosen(button) {
    if (!button) return;
    this.send(button.dataset.what, JSON.parse(button.dataset.target));
    this.close(true);
  }

  typed(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      return this.close(true);
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.panel.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const perRow = 2; // consult and transfer
    const next = buttons[Math.min(Math.max(at + step * perRow, at % perRow), buttons.length - perRow + (at % perRow))];
    next?.focus();
  }

  close(isByHand) {
    if (this.panel.hidden) return;
    this.panel.hidden = true;
    byId("call-transfer").setAttribute("aria-expanded", "false");
    if (isByHand) byId("call-transfer").focus();
  }
}
