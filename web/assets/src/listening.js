// The supervisor's own supervision: a button in each row of an agent who talks, and a bar with what
// can be done to the call that is heard. Both show what the dialer says, never what was hoped for.
import { byId, chip, h, icon, post, put, say, strings, warn } from "./page.js";

const WAYS = ["LISTENING", "WHISPERING", "BARGED"];
const words = strings.listening;
const name = (text, who) => text.replace("{a}", who);

export class Listening {
  // `me`: the user's id; null when the user may not listen.
  constructor(me) {
    this.me = me;
    this.bar = byId("listening");
    this.all = [];
    this.agents = [];
    this.key = "";
    if (!this.bar) return;
    byId("listening-ways").addEventListener("change", (event) => this.ask(event.target.value));
    byId("listening-take").addEventListener("click", () => this.takeOver());
    byId("listening-stop").addEventListener("click", () => this.send("stop"));
    document.querySelector('[data-part="agents"]').addEventListener("click", (event) => this.pressed(event.target.closest("[data-listen]")));
  }

  get isAllowed() { return Boolean(this.bar); }

  draw(view) {
    this.all = view.supervisions || [];
    this.agents = view.agents;
    if (!this.bar) return;
    const mine = this.all.filter((one) => one.supervisor_id === this.me);
    this.mine = mine.find((one) => one.state !== "ENDED") || mine.filter((one) => one.reason !== "STOPPED").at(-1);
    this.drawBar();
  }

  // What the row of an agent depends on, beside the agent.
  of(agent) {
    return this.all.filter((one) => one.agent_id === agent.agent_id && one.attempt_id === agent.attempt_id && !["ENDED", "STANDING_BY"].includes(one.state));
  }

  cell(agent) {
    const here = this.of(agent);
    const mine = here.find((one) => one.supervisor_id === this.me);
    const others = here.filter((one) => one !== mine && one.state !== "CALLING").map((one) => one.name);
    const note = others.length ? h("span", { class: "muted listened" }, icon("ear"), name(words.listened_by, others.join(", "))) : null;
    if (mine) return h("td", { class: "listen-cell" }, chip({ ...words.states[mine.state] }, mine.since), note);
    const canAsk = this.isAllowed && agent.state === "TALKING" && agent.attempt_id;
    const button = canAsk
      ? h("button", { class: "button small", type: "button", "data-listen": agent.agent_id, "data-attempt": agent.attempt_id, "aria-label": name(words.listen_to, agent.name) }, icon("ear"), h("span", {}, words.listen))
      : null;
    return h("td", { class: "listen-cell" }, button, note);
  }

  pressed(button) {
    if (!button) return;
    this.isPressed = true;
    this.send("ask", { agent_id: Number(button.dataset.listen), attempt_id: button.dataset.attempt, mode: "LISTEN" });
  }

  ask(mode) {
    const { agent_id, attempt_id } = this.mine;
    this.send("ask", { agent_id, attempt_id, mode });
  }

  takeOver() {
    if (window.confirm(name(words.confirm_take, this.agentName()))) this.ask("TAKE_OVER");
  }

  async send(what, body = {}) {
    this.bar.setAttribute("aria-busy", "true");
    put(byId("listening-fault"), "");
    try {
      await post(`/supervisor/listening/${what}`, body);
    } catch (fault) {
      this.bar.hidden = false;
      this.bar.dataset.state = "FAULT";
      this.key = "";
      put(byId("listening-fault"), fault.message);
      warn(fault.message);
    }
    this.bar.removeAttribute("aria-busy");
  }

  agentName() {
    return this.agents.find((agent) => agent.agent_id === this.mine?.agent_id)?.name || "";
  }

  drawBar() {
    const mine = this.mine;
    const key = JSON.stringify(mine || null) + this.agentName();
    if (key === this.key || (!mine && byId("listening-fault").textContent)) return;
    const wasHidden = this.bar.hidden;
    this.key = key;
    this.bar.hidden = !mine;
    this.bar.dataset.state = mine?.state || "";
    if (!mine) return;
    put(byId("listening-fault"), "");
    put(byId("listening-agent"), this.agentName());
    byId("listening-state").replaceChildren(chip(words.states[mine.state], mine.state === "ENDED" ? null : mine.since));
    const sentence = [words.reasons[mine.reason], mine.state === "ENDED" && mine.reason ? null : words.sentences[mine.state]].filter(Boolean).join(" ");
    put(byId("listening-sentence"), sentence);
    const wanted = WAYS.includes(mine.state) ? mine.state : null;
    for (const choice of byId("listening-ways").querySelectorAll("input")) choice.checked = choice.dataset.state === wanted;
    byId("listening-ways").disabled = !wanted;
    byId("listening-ways").hidden = !wanted;
    byId("listening-take").hidden = !wanted;
    byId("listening-stop").hidden = ["ENDED", "TAKING_OVER"].includes(mine.state);
    put(byId("listening-stop-word"), mine.state === "TAKEN_OVER" ? words.hang_up_customer : words.stop);
    say(`${words.states[mine.state].word}. ${sentence}`);
    if (wasHidden && this.isPressed) this.bar.focus({ preventScroll: true }); // the button that was pressed is gone
    this.isPressed = false;
  }
}
