// Small tools shared by the pages: elements, icons, announcements, and requests with the CSRF token.
import { now, timerText } from "./time.js";

export const strings = JSON.parse(document.getElementById("strings")?.textContent || "{}");

export const byId = (id) => document.getElementById(id);

export function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

// An element with attributes and children; text is always a text node, never markup.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const sprite = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

// label: {word, tone, icon}; since: server seconds, or null for no timer.
export function chip(label, since, extra = "") {
  const parts = [icon(label.icon), h("span", {}, extra ? `${label.word} · ${extra}` : label.word)];
  if (since) parts.push(h("span", { "data-since": since, role: "timer", "aria-live": "off" }, timerText(now() - since)));
  return h("span", { class: `chip tone-${label.tone}` }, ...parts);
}

export const say = (text) => put(byId("say"), text);
export const warn = (text) => put(byId("warn"), text);

// Server-made markup, escaped there; scripts in it would not run.
export async function fragment(url, target) {
  const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  target.replaceChildren(...parsed.body.childNodes);
}

export async function post(url, body = {}) {
  const response = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.error || strings.failed || response.statusText), { status: response.status, fields: answer.fields });
  return answer;
}
