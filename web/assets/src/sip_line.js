// One registration with one switch: JsSIP's user agent, and the one leg it may hold. It picks up by
// itself, but only for the leg that the dialer has marked as this agent's.
import JsSIP from "jssip";

const REGISTER_EVERY_S = 120;
const RECOVERY_S = { min: 2, max: 30 };
const LOST_MEDIA_MS = 8000;
const HEADER = "X-Relance-Agent";

export class SipLine {
  // account: {extension, domain, password}. handlers: onState(state, detail), onLeg(session or null),
  // onSound(stream), and stream(), which gives the microphone's MediaStream or null.
  constructor(url, account, agentId, handlers) {
    this.url = url;
    this.agentId = agentId;
    this.handlers = handlers;
    this.session = null;
    this.state = "connecting";
    this.ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: `sip:${account.extension}@${account.domain}`,
      password: account.password,
      register_expires: REGISTER_EVERY_S,
      connection_recovery_min_interval: RECOVERY_S.min,
      connection_recovery_max_interval: RECOVERY_S.max,
      user_agent: "relance",
    });
    this.ua.on("connecting", () => this.#become("connecting"));
    this.ua.on("disconnected", () => this.#become("lost"));
    this.ua.on("registered", () => this.#become("registered"));
    this.ua.on("registrationFailed", ({ response, cause }) => this.#refused(response?.status_code, cause));
    this.ua.on("newRTCSession", ({ originator, session, request }) => originator === "remote" && this.#called(session, request));
    this.ua.start();
  }

  // Says goodbye to the leg and to the registrar.
  stop() {
    this.handlers = { onState() {}, onLeg() {}, onSound() {}, stream: () => null };
    this.ua.stop();
  }

  async useStream(stream) {
    const track = stream.getAudioTracks()[0];
    for (const sender of this.session?.connection?.getSenders() || []) {
      if (sender.track?.kind === "audio") await sender.replaceTrack(track);
    }
  }

  #become(state, detail = "") {
    this.state = state;
    this.handlers.onState(state, detail);
  }

  #refused(status, cause) {
    if (status === 401 || status === 403 || status === 407) this.#become("refused");
    else this.#become("lost", cause);
  }

  #called(session, request) {
    const stream = this.handlers.stream();
    if (request.getHeader(HEADER) !== String(this.agentId)) return session.terminate({ status_code: 403 });
    if (this.session) return session.terminate({ status_code: 486 });
    if (!stream) return session.terminate({ status_code: 480, reason_phrase: "No microphone" });
    this.session = session;
    session.on("peerconnection", ({ peerconnection }) => this.#listen(session, peerconnection));
    session.on("confirmed", () => this.handlers.onLeg(session));
    session.on("ended", () => this.#over(session));
    session.on("failed", () => this.#over(session));
    session.answer({ mediaStream: stream, mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } });
  }

  #over(session) {
    if (this.session !== session) return;
    this.session = null;
    this.handlers.onLeg(null);
  }

  // The way for the audio may die while the socket lives: end the leg, so that we are called anew.
  #listen(session, connection) {
    let timer = null;
    connection.addEventListener("track", (event) => this.handlers.onSound(event.streams[0] || new MediaStream([event.track])));
    connection.addEventListener("iceconnectionstatechange", () => {
      clearTimeout(timer);
      const state = connection.iceConnectionState;
      if (state === "failed") this.#giveUp(session);
      if (state === "disconnected") timer = setTimeout(() => this.#giveUp(session), LOST_MEDIA_MS);
    });
  }

  #giveUp(session) {
    if (this.session === session && !session.isEnded()) session.terminate();
  }
}
