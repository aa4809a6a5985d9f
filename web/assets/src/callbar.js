// The bar of the call in progress. Every act names its call; the buttons show what the dialer says,
// so a press changes nothing on the screen until it has been done.
import { byId, h, put, say, strings } from "./page.js";

const RECORD_WORDS = { OFF: "record", ON: "record_pause", PAUSED: "record_resume" };

export class CallBar {
  // `act(url, body)` sends; `noteOf()` gives the newest NoteAgent.
  constructor(act, noteOf) {
    this.act = act;
    this.noteOf = noteOf;
    this.shown = "";
    byId("call-mute").addEventListener("click", () => this.mute());
    byId("call-hold").addEventListener("click", () => this.hold());
    byId("call-keys").addEventListener("click", () => this.toggleKeys());
    byId("call-record").addEventListener("click", () => this.record());
    byId("call-play").addEventListener("click", () => this.send("play", { sound: byId("call-sound").value }));
    byId("call-stop").addEventListener("click", () => this.send("play", { sound: "" }));
    byId("call-message").addEventListener("click", () => this.message());
    byId("keypad").addEventListener("click", (event) => this.key(event.target.dataset.key));
    byId("keypad").addEventListener("keydown", (event) => this.typed(event));
    byId("call-transfer").addEventListener("click", () => this.toggleColleagues());
    byId("colleagues").addEventListener("click", (event) => this.transfer(event.target.dataset.colleague));
    byId("colleagues").addEventListener("keydown", (event) => event.key === "Escape" && this.toggleColleagues());
    this.keys = { KeyM: () => this.mute(), KeyH: () => this.hold(), KeyD: () => this.toggleKeys(), KeyP: () => this.record(), KeyV: () => this.message(), KeyT: () => this.toggleColleagues() };
  }

  // A shortcut Ctrl+Shift+letter; true when it was one of ours.
  press(code) {
    if (this.noteOf()?.state !== "TALKING" || !this.keys[code]) return false;
    this.keys[code]();
    return true;
  }

  draw(note, campaign) {
    const isTalking = note?.state === "TALKING";
    if (!isTalking) this.closeKeys();
    if (!isTalking) return void (this.shown = "");
    if (campaign) this.campaign = campaign;
    campaign = this.campaign; // the last one known, while the newest is on its way
    byId("call-mute").setAttribute("aria-pressed", String(Boolean(note.is_muted)));
    byId("call-hold").setAttribute("aria-pressed", String(Boolean(note.is_held)));
    const recording = note.recording || "OFF";
    byId("call-record").setAttribute("aria-pressed", String(recording === "ON"));
    byId("call-record").dataset.recording = recording;
    put(byId("call-record-word"), strings[RECORD_WORDS[recording]]);
    byId("call-record").hidden = !campaign || campaign.recording === "OFF";
    byId("call-message").hidden = !campaign?.has_message;
    this.drawSounds(campaign?.sounds || []);
    this.announce(note);
  }

  drawSounds(sounds) {
    byId("call-sounds").hidden = !sounds.length;
    const select = byId("call-sound");
    if (select.dataset.sounds === sounds.join()) return;
    select.dataset.sounds = sounds.join();
    select.replaceChildren(...sounds.map((name) => h("option", { value: name }, name)));
  }

  announce(note) {
    const key = `${note.attempt_id} ${Boolean(note.is_held)} ${Boolean(note.is_muted)}`;
    const [attempt, wasHeld, wasMuted] = this.shown.split(" ");
    if (attempt === note.attempt_id && wasHeld !== String(Boolean(note.is_held))) say(note.is_held ? strings.held : strings.unheld);
    if (attempt === note.attempt_id && wasMuted !== String(Boolean(note.is_muted))) say(note.is_muted ? strings.muted : strings.unmuted);
    this.shown = key;
  }

  send(what, body = {}) {
    const note = this.noteOf();
    if (note?.state === "TALKING" && note.attempt_id) this.act(`/agent/call/${what}`, { attempt_id: note.attempt_id, ...body });
  }

  mute() { this.send("mute", { is_on: !this.noteOf().is_muted }); }
  hold() { this.send("hold", { is_on: !this.noteOf().is_held }); }

  record() {
    if (byId("call-record").hidden) return;
    this.send("recording", { is_on: this.noteOf().recording !== "ON" });
  }

  message() {
    if (!byId("call-message").hidden) this.send("message");
  }

  toggleKeys() {
    const isOpen = byId("keypad").hidden;
    byId("keypad").hidden = !isOpen;
    byId("call-keys").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) byId("keypad").querySelector("button").focus();
    else byId("call-keys").focus();
  }

  async toggleColleagues() {
    const box = byId("colleagues");
    if (!box.hidden) return this.closeColleagues(true);
    const answer = await fetch("/agent/call/colleagues", { headers: { Accept: "application/json" } }).catch(() => null);
    const found = answer?.ok ? (await answer.json()).colleagues : [];
    box.replaceChildren(...found.map((one) => h("button", { class: "button", type: "button", "data-colleague": one.agent_id }, one.name)));
    if (!found.length) box.append(h("p", { class: "muted", tabindex: "-1" }, strings.no_colleague));
    box.hidden = false;
    byId("call-transfer").setAttribute("aria-expanded", "true");
    (box.querySelector("button") || box.firstChild).focus();
  }

  closeColleagues(isByHand) {
    byId("colleagues").hidden = true;
    byId("call-transfer").setAttribute("aria-expanded", "false");
    if (isByHand) byId("call-transfer").focus();
  }

  transfer(colleague) {
    if (!colleague) return;
    this.send("transfer", { to_agent_id: Number(colleague) });
    this.closeColleagues(true);
  }

  closeKeys() {
    this.closeColleagues(false);
    byId("keypad").hidden = true;
    byId("call-keys").setAttribute("aria-expanded", "false");
  }

  key(digit) {
    if (digit) this.send("digits", { digits: digit });
  }

  typed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.toggleKeys();
    } else if (/^[0-9*#]$/.test(event.key)) {
      event.preventDefault();
      this.key(event.key);
    }
  }
}
