// The agent's phone in the page. The desk drives it: `prepare` before a login, `follow` at each note,
// `rest` and `resume` when another tab takes over. It registers with every switch, since the dialer
// may call from any; the password it registers with is asked for anew whenever one is refused.
import { byId, h, post, put, strings, warn } from "./page.js";
import { Microphone } from "./microphone.js";
import { SipLine } from "./sip_line.js";

const box = byId("phone-box");
const words = strings.phone;
const START_MS = 400; // lets a tab that works already say so
const RETRY_MS = { first: 2000, longest: 60000 };
const CLAIM_MS = 1500; // after the registration: a call may be on its way
const READY_MS = 15000;

class Phone {
  constructor() {
    this.lines = [];
    this.note = null;
    this.leg = null;
    this.fault = ""; // a word of `words` that only the agent can put right
    this.detail = "";
    this.retry = RETRY_MS.first;
    this.isResting = this.isHopeless = false;
    this.sound = byId("phone-sound");
    this.microphone = new Microphone({
      onStream: (stream) => this.#opened(stream),
      onLost: () => this.#openQuietly(),
    });
    byId("phone-allow").addEventListener("click", () => this.#openQuietly().then(() => this.#claim()));
    byId("phone-listen").addEventListener("click", () => this.#play());
    byId("phone-settings").addEventListener("toggle", () => this.#showSettings());
    for (const kind of ["audioinput", "audiooutput"]) byId(`phone-${kind}`).addEventListener("change", (event) => this.#choose(kind, event.target.value));
    navigator.mediaDevices?.addEventListener("devicechange", () => this.#listDevices());
    window.addEventListener("beforeunload", (event) => { if (this.isTalking) event.preventDefault(); });
    window.addEventListener("pagehide", () => this.#stop());
    this.draw();
  }

  get isTalking() {
    return Boolean(this.leg) && ["RESERVED", "TALKING"].includes(this.note?.state);
  }

  get isSeated() {
    return Boolean(this.note) && this.note.state !== "OFFLINE";
  }

  get isRegistered() {
    return this.lines.length > 0 && this.lines.every((line) => line.state === "registered");
  }

  // ---- what the desk asks ----------------------------------------------------------------------

  // Microphone and registration; throws an Error in the agent's words.
  async prepare() {
    if (!this.microphone.stream) await this.#open();
    const until = performance.now() + READY_MS;
    while (!this.isRegistered && !this.isHopeless && performance.now() < until) await new Promise((done) => setTimeout(done, 200));
    if (!this.isRegistered) throw new Error(this.detail || words.not_registered);
  }

  follow(note) {
    const wasSeated = this.isSeated;
    this.note = note;
    if (this.isSeated && !wasSeated && !this.microphone.stream) this.#openIfGranted();
    this.draw();
  }

  rest() {
    this.isResting = true;
    this.#stop();
    this.microphone.close();
    this.draw();
  }

  resume() {
    this.isResting = false;
    this.#start();
    if (this.isSeated) this.#openIfGranted();
  }

  // ---- registration --------------------------------------------------------------------------------

  async #start() {
    if (this.isResting || this.lines.length) return;
    try {
      const account = await post("/agent/phone/credential");
      if (this.isResting || this.lines.length) return;
      this.detail = "";
      this.lines = account.urls.map((url) => new SipLine(url, account, box.dataset.agent, {
        onState: (state, detail) => this.#changed(state, detail),
        onLeg: (leg) => this.#legChanged(leg),
        onSound: (stream) => this.#hear(stream),
        stream: () => this.microphone.stream,
      }));
    } catch (error) {
      this.detail = error.message;
      this.isHopeless = error.status === 409; // the administrator's to put right
      if (!this.isHopeless) this.#startLater();
    }
    this.draw();
  }

  #startLater() {
    setTimeout(() => this.#start(), this.retry);
    this.retry = Math.min(this.retry * 2, RETRY_MS.longest);
  }

  #stop() {
    const lines = this.lines;
    this.lines = [];
    this.leg = null;
    for (const line of lines) line.stop();
  }

  #changed(state, detail) {
    this.detail = state === "refused" ? words.refused : detail;
    if (state === "refused") { // the password is worthless: another desk was opened, or the session ended
      this.#stop();
      this.#startLater();
    }
    if (this.isRegistered) {
      this.retry = RETRY_MS.first;
      setTimeout(() => this.#claim(), CLAIM_MS);
    }
    this.draw();
  }

  // A page loaded anew holds no leg: whatever the dialer believes of one is over, and it may call now.
  #claim() {
    if (!this.isSeated || !this.isRegistered || this.leg || !this.microphone.stream) return;
    post("/agent/phone/call", { lost_leg_id: (this.note.is_phone_up && this.note.leg_id) || "" }).catch((error) => warn(error.message));
  }

  // ---- the leg -------------------------------------------------------------------------------------

  #legChanged(leg) {
    this.leg = leg;
    if (!leg) this.sound.srcObject = null;
    this.draw();
  }

  #hear(stream) {
    this.sound.srcObject = stream;
    this.#play();
  }

  async #play() {
    const isAllowed = await this.sound.play().then(() => true, (error) => error.name !== "NotAllowedError");
    byId("phone-listen").hidden = isAllowed;
  }

  // ---- microphone and loudspeaker --------------------------------------------------------------------

  async #open() {
    try {
      await this.microphone.open();
      this.fault = "";
    } catch (error) {
      this.fault = `mic_${error.reason}`;
      throw new Error(words[this.fault]);
    } finally {
      this.draw();
    }
  }

  async #openIfGranted() {
    if (this.microphone.stream) return;
    if (await Microphone.isGranted()) return this.#openQuietly().then(() => this.#claim());
    this.fault = "mic_needed";
    this.draw();
  }

  #openQuietly() {
    return this.#open().catch((error) => warn(error.message));
  }

  #opened(stream) {
    for (const line of this.lines) line.useStream(stream);
    this.#listDevices();
    this.#showSettings();
  }

  async #listDevices() {
    for (const kind of ["audioinput", "audiooutput"]) {
      const select = byId(`phone-${kind}`);
      const devices = await this.microphone.devices(kind);
      select.replaceChildren(h("option", { value: "" }, words.any_device), ...devices.map((device) => h("option", { value: device.deviceId }, device.label || device.deviceId)));
      select.value = devices.some((device) => device.deviceId === Microphone.chosen(kind)) ? Microphone.chosen(kind) : "";
      select.closest(".field").hidden = kind === "audiooutput" && !this.sound.setSinkId;
    }
    this.sound.setSinkId?.(byId("phone-audiooutput").value).catch(() => {});
  }

  #choose(kind, deviceId) {
    this.microphone.choose(kind, deviceId);
    if (kind === "audioinput") this.#openQuietly();
    else this.sound.setSinkId?.(deviceId).catch(() => {});
  }

  #showSettings() {
    const details = byId("phone-settings");
    if (!details.open) return;
    this.#listDevices();
    const stream = this.microphone.stream;
    this.microphone.watchLevel((level) => {
      byId("phone-level").value = level;
      return details.open && this.microphone.stream === stream;
    });
  }

  // ---- drawing -------------------------------------------------------------------------------------

  #state() {
    if (this.isResting) return "resting";
    if (this.fault) return this.fault;
    if (this.leg) return "in_call";
    if (this.isRegistered) return "registered";
    if (this.lines.some((line) => line.state === "lost")) return "lost";
    return this.detail ? "failed" : "connecting";
  }

  draw() {
    const state = this.#state();
    box.dataset.phone = state;
    put(byId("phone-word"), state === "failed" ? this.detail : words[state]);
    byId("phone-allow").hidden = !state.startsWith("mic_");
  }
}

const phone = new Phone();
globalThis.relancePhone = phone;
setTimeout(() => phone.resume(), START_MS);
