// One server-sent event stream with a watchdog. The browser reconnects by itself with
// Last-Event-ID; when even that is silent, the stream is opened anew from the last event seen.
const SILENCE_MS = 25_000;
const GRACE_MS = 3_000;

export class Link {
  constructor(url, handlers) {
    this.url = url;
    this.handlers = handlers;
    this.last = "";
    this.isDrawn = false;
    this.state = "";
    this.open();
    setInterval(() => this.#watch(), 1000);
  }

  open() {
    this.close();
    this.source = new EventSource(this.last ? `${this.url}?after=${encodeURIComponent(this.last)}` : this.url);
    this.heardAt = performance.now();
    this.brokenAt = 0;
    this.source.onopen = () => this.#alive();
    this.source.onerror = () => this.#broken();
    this.source.onmessage = (message) => {
      this.#alive();
      if (message.lastEventId) this.last = message.lastEventId;
      this.handlers.onEvent(JSON.parse(message.data), this.isDrawn);
    };
    this.source.addEventListener("beat", () => {
      this.#alive();
      this.handlers.onBeat?.();
    });
    this.source.addEventListener("drawn", () => {
      this.#alive();
      this.isDrawn = true;
      this.handlers.onDrawn();
    });
  }

  close() {
    this.source?.close();
    this.source = null;
  }

  #alive() {
    this.heardAt = performance.now();
    this.brokenAt = 0;
    this.#say("ok");
  }

  #broken() {
    this.brokenAt ||= performance.now();
    if (this.source?.readyState === EventSource.CLOSED) this.#checkSession();
  }

  async #checkSession() {
    const answer = await fetch("/agent/recent", { method: "GET", redirect: "manual" }).catch(() => null);
    if (answer && (answer.type === "opaqueredirect" || answer.status === 401)) {
      this.close();
      this.#say("ended");
    } else {
      setTimeout(() => this.open(), GRACE_MS);
    }
  }

  #watch() {
    if (!this.source) return;
    const at = performance.now();
    if (this.brokenAt && at - this.brokenAt > GRACE_MS) this.#say("lost");
    if (at - this.heardAt > SILENCE_MS) this.open();
  }

  #say(state) {
    if (state === this.state) return;
    this.state = state;
    this.handlers.onState(state);
  }
}
