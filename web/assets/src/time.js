// Server time in the browser: timers stay right when the computer's clock is wrong, and in a
// throttled tab, since they are always computed from the server's instant.
// The server wrote its instant as the answer began, however long the page then took to arrive.
const started = performance.getEntriesByType("navigation")[0]?.responseStart || performance.now();
const serverNow = Number(document.querySelector('meta[name="server-now"]')?.content || Date.now() / 1000);

export const now = () => serverNow + (performance.now() - started) / 1000;

export function timerText(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return hours ? `${hours}:${rest}` : rest;
}

export const clockText = () =>
  new Date(now() * 1000).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
