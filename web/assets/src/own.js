// Calls that the agent places: the lead on the desk, a typed number, a lead looked up. What came of
// each is what the dialer says; nothing is shown before.
import { byId, h, put, say, strings } from "./page.js";
import { now, timerText } from "./time.js";

const RESULT_MS = 20_000;

export class OwnCalls {
  // `act(url, body)` sends; `noteOf()` gives the newest NoteAgent; `spaced` writes a number.
  constructor(act, noteOf, spaced) {
    Object.assign(this, { act, noteOf, spaced, offer: null, attempt: "", results: 0 });
    byId("call-lead").addEventListener("click", () => this.call());
    byId("skip-lead").addEventListener("click", () => this.skip());
    byId("cancel-call").addEventListener("click", () => this.act("/agent/hang-up"));
    byId("dial-form").addEventListener("submit", (event) => this.dial(event));
    byId("search-form").addEventListener("submit", (event) => this.search(event));
    byId("found").addEventListener("click", (event) => this.open(event.target.closest("[data-lead]")));
    setInterval(() => this.drawLeft(), 1000);
  }

  // The lead on the desk, while the agent looks at it.
  lead() {
    return this.noteOf()?.state === "PREVIEWING" ? this.offer : null;
  }

  hear(event) {
    if (event.type === "OfferLead") this.offer = event;
    if (event.type === "ShowResult" && now() - event.at < RESULT_MS / 1000) this.showResult(event);
  }

  // Whether the agent waits for an answer to a call of his own.
  isCalling(note, pop) {
    return note?.state === "RESERVED" && pop?.attempt_id === note.attempt_id && this.offer?.lead_id === pop?.lead_id;
  }

  draw(note, pop) {
    const isOwn = this.isCalling(note, pop);
    byId("cancel-call").hidden = !isOwn;
    put(byId("own-state"), !isOwn ? "" : note.is_ringing ? strings.own_ringing : strings.own_dialing);
    if (note?.attempt_id && note.attempt_id !== this.attempt) this.hideResult(); // of the call before
    this.attempt = note?.attempt_id || this.attempt;
    this.drawManual(note);
    this.drawOffer();
  }

  drawManual(note) {
    const wasHidden = byId("manual").hidden;
    byId("manual").hidden = !note?.may_choose;
    if (wasHidden || note?.may_choose) return;
    byId("dial-number").value = "";
    byId("found").replaceChildren();
    put(byId("manual-fault"), "");
  }

  drawOffer() {
    const offer = this.lead();
    if (!offer) return;
    byId("skip-reason").hidden = offer.is_own_choice;
    put(byId("skips-left"), offer.is_own_choice ? "" : `(${offer.n_skips_left})`);
    byId("skip-lead").disabled = !offer.is_own_choice && offer.n_skips_left <= 0;
    this.drawLeft();
  }

  drawLeft() {
    const offer = this.lead();
    if (!offer) return put(byId("preview-left"), "");
    const end = offer.ends_in_call ? strings.call_at_end : offer.is_own_choice ? strings.back_at_end : strings.skip_at_end;
    put(byId("preview-left"), end + timerText(offer.until - now()));
  }

  showResult(event) {
    const box = byId("own-result");
    const text = strings.results[event.result] || event.result;
    put(box, text);
    box.hidden = false;
    say(text);
    const shown = ++this.results;
    setTimeout(() => shown === this.results && this.hideResult(), RESULT_MS);
  }

  hideResult() {
    byId("own-result").hidden = true;
  }

  call() {
    const offer = this.lead();
    if (offer) this.act("/agent/lead/call", { lead_id: offer.lead_id });
  }

  skip() {
    const offer = this.lead();
    if (offer) this.act("/agent/lead/skip", { lead_id: offer.lead_id, reason: byId("skip-reason").value });
  }

  dial(event) {
    event.preventDefault();
    put(byId("manual-fault"), "");
    this.act("/agent/lead/dial", { number: byId("dial-number").value }, (text) => this.fault(text, "dial-number"));
  }

  async search(event) {
    event.preventDefault();
    put(byId("manual-fault"), "");
    const text = encodeURIComponent(byId("search-text").value);
    const answer = await fetch(`/agent/lead/search?text=${text}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const body = (await answer?.json().catch(() => null)) || {};
    if (!answer?.ok) return this.fault(body.error || strings.failed, "search-text");
    const lines = body.leads.map((lead) => this.line(lead));
    byId("found").replaceChildren(...(lines.length ? lines : [h("li", { class: "muted" }, strings.none_found)]));
  }

  line(lead) {
    const name = lead.name || this.spaced(lead.number);
    const facts = h("span", { class: "muted" }, `${this.spaced(lead.number)} · ${lead.state}`);
    return h("li", {}, h("button", { class: "recent-item", type: "button", "data-lead": lead.lead_id, "aria-label": strings.open_lead + name }, h("span", { class: "recent-name" }, name), facts));
  }

  open(button) {
    if (button) this.act("/agent/lead/open", { lead_id: Number(button.dataset.lead) }, (text) => this.fault(text, "search-text"));
  }

  fault(text, field) {
    put(byId("manual-fault"), text);
    byId(field).focus();
  }
}
