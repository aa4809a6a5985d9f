// The bar of the call in progress. Every act names its call; the buttons show what the dialer says,
// so a press changes nothing on the screen until it has been done.
import { byId, h, put, say, strings } from "./page.js";
import { Transfer } from "./transfer.js";

const RECORD_WORDS = { OFF: "record", ON: "record_pause", PAUSED: "record_resume" };

export class CallBar {
  // `act(url, body)` sends; `noteOf()` gives the newest NoteAgent; `wasMachine()` ends a machine's call.
  constructor(act, noteOf, wasMachine) {
    this.act = act;
    this.wasMachine = wasMachine;
    this.noteOf = noteOf;
    this.shown = "";
    byId("call-mute").addEventListener("click", () => this.mute());
    byId("call-hold").addEventListener("click", () => this.hold());
    byId("call-keys").addEventListener("click", () => this.toggleKeys());
    byId("call-record").addEventListener("click", () => this.record());
    byId("call-play").addEventListener("click", () => this.send("play", { sound: byId("call-sound").value }));
    byId("call-stop").addEventListener("click", () => this.send("play", { sound: "" }));
    byId("call-message").addEventListener("click", () => this.message());
    byId("call-machine").addEventListener("click", () => this.machine());
    byId("keypad").addEventListener("click", (event) => this.key(event.target.dataset.key));
    byId("keypad").addEventListener("keydown", (event) => this.typed(event));
    this.transfer = new Transfer((what, body) => this.send(what, body), noteOf);
    this.keys = { KeyM: () => this.mute(), KeyH: () => this.hold(), KeyD: () => this.toggleKeys(), KeyP: () => this.record(), KeyV: () => this.message(), KeyK: () => this.machine(), ...this.transfer.keys };
  }

  // A shortcut Ctrl+Shift+letter; true when it was one of ours.
  press(code) {
    if (this.noteOf()?.state !== "TALKING" || !this.keys[code]) return false;
    this.keys[code]();
    return true;
  }

  draw(note, campaign) {
    const isTalking = note?.state === "TALKING";
    this.transfer.draw(note);
    byId("callbar").classList.toggle("is-consulted", Boolean(note?.is_consulted));
    byId("callbar").classList.toggle("has-third", Boolean(note?.stage));
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
    byId("call-machine").hidden = !campaign?.dispositions.some((one) => one.is_machine);
    byId("call-machine").classList.toggle("primary", Boolean(note.looks_machine));
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
    const key = `${note.attempt_id} ${Boolean(note.is_held)} ${Boolean(note.is_muted)} ${Boolean(note.looks_machine)}`;
    const [attempt, wasHeld, wasMuted, lookedMachine] = this.shown.split(" ");
    if (note.looks_machine && (attempt !== note.attempt_id || lookedMachine !== "true")) say(strings.looks_machine);
    if (attempt === note.attempt_id && wasHeld !== String(Boolean(note.is_held))) say(note.is_held ? strings.held : strings.unheld);
    if (attempt === note.attempt_id && wasMuted !== String(Boolean(note.is_muted))) say(note.is_muted ? strings.muted : strings.unmuted);
    this.shown = key;
  }

  send(what, body = {}) {
    const note = this.noteOf();
    if (note?.state === "TALKING" && note.attempt_id) return this.act(`/agent/call/${what}`, { attempt_id: note.attempt_id, ...body });
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

  machine() {
    if (!byId("call-machine").hidden) this.wasMachine();
  }

  toggleKeys() {
    const isOpen = byId("keypad").hidden;
    byId("keypad").hidden = !isOpen;
    byId("call-keys").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) byId("keypad").querySelector("button").focus();
    else byId("call-keys").focus();
  }

  closeKeys() {
    this.transfer.close();
    byId("keypad").hidden = true;
    byId("call-keys").setAttribute("aria-expanded", "false");
  }

  // One after the other: requests made at once may arrive in any order. None goes to the next call.
  key(digit) {
    const attempt = this.noteOf()?.attempt_id;
    if (!digit) return;
    this.typing = Promise.resolve(this.typing).then(() => {
      if (this.noteOf()?.attempt_id === attempt) return this.send("digits", { digits: digit });
    });
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
