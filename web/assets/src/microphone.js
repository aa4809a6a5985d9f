// The microphone and the loudspeaker: permission, choice of devices, and how loud it is.
const KEPT = { audioinput: "relance:microphone", audiooutput: "relance:loudspeaker" };
const LEVEL_EVERY_MS = 100;

export class Microphone {
  // handlers: onStream(stream) after each opening, onLost() when the device is unplugged.
  constructor(handlers) {
    this.handlers = handlers;
    this.stream = null;
  }

  static chosen = (kind) => localStorage.getItem(KEPT[kind]) || "";

  choose(kind, deviceId) {
    localStorage.setItem(KEPT[kind], deviceId);
  }

  // Whether the browser would open it without asking.
  static async isGranted() {
    const status = await navigator.permissions?.query({ name: "microphone" }).catch(() => null);
    return status?.state === "granted";
  }

  // Opens the chosen device, or any. Throws an Error whose `reason` is insecure, denied or missing.
  async open() {
    if (!navigator.mediaDevices?.getUserMedia) throw reasoned("insecure");
    const stream = await this.#ask(Microphone.chosen("audioinput"));
    this.close();
    this.stream = stream;
    stream.getAudioTracks()[0].addEventListener("ended", () => this.stream === stream && this.handlers.onLost());
    this.handlers.onStream(stream);
    return stream;
  }

  async #ask(deviceId) {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    try {
      if (deviceId) return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } });
    } catch (error) {
      if (error.name !== "OverconstrainedError" && error.name !== "NotFoundError") throw named(error);
    }
    return navigator.mediaDevices.getUserMedia({ audio }).catch((error) => { throw named(error); });
  }

  close() {
    for (const track of this.stream?.getTracks() || []) track.stop();
    this.stream = null;
  }

  async devices(kind) {
    const all = await navigator.mediaDevices?.enumerateDevices() || [];
    return all.filter((device) => device.kind === kind && device.deviceId);
  }

  // Calls show(0..1) while it returns true.
  watchLevel(show) {
    if (!this.stream) return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      if (show(Math.min(1, Math.sqrt(power) * 4))) return;
      clearInterval(timer);
      context.close();
    }, LEVEL_EVERY_MS);
  }
}

const reasoned = (reason) => Object.assign(new Error(reason), { reason });

function named(error) {
  const isDenied = error.name === "NotAllowedError" || error.name === "SecurityError";
  return reasoned(isDenied ? "denied" : "missing");
}
