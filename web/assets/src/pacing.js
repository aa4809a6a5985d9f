// The hour of the pacing log as curves; the table beneath says the same in figures.
import { Chart, counts, fromNothing, percents } from "./chart.js";
import { byId, strings } from "./page.js";

const curves = JSON.parse(byId("curves")?.textContent || "null");
if (curves) {
  const lines = [
    { label: strings.abandon, colour: "--fault", scale: "%" },
    { label: strings.target, colour: "--muted", scale: "%", dash: [2, 3] },
    { label: strings.theta, colour: "--wrap", scale: "%", dash: [8, 4] },
    { label: strings.dialed, colour: "--dialing", scale: "n" },
    { label: strings.free, colour: "--ready", scale: "n", dash: [8, 4] },
  ];
  const chart = new Chart(byId("chart"), byId("legend"), {
    lines, scales: { "%": fromNothing(4), n: fromNothing(5) }, axes: (axis) => [percents(axis), counts(axis)], seconds: false,
  });
  chart.draw([curves.at, curves.abandon, curves.target, curves.theta, curves.dialed, curves.free]);
}
