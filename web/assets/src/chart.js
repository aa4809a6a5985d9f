// What every chart of ours has alike: colours of the page's scheme, a time axis, a legend in words.
import uPlot from "uplot";
import { h } from "./page.js";

const HEIGHT = 180;
const percentFormat = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });

export class Chart {
  // `lines`: {label, colour (a token of app.css), scale, dash}; `axes`: (axis) => [...], after the time.
  constructor(box, legend, { lines, scales, axes, seconds = true }) {
    Object.assign(this, { box, legend, lines, scales, axes, seconds });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.make());
    new ResizeObserver(() => this.plot?.setSize({ width: box.clientWidth, height: HEIGHT })).observe(box);
    this.make();
  }

  make() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: `13px ${colour("--font")}` };
    const form = { hour: "2-digit", minute: "2-digit", ...(this.seconds ? { second: "2-digit" } : {}), hourCycle: "h23" };
    const series = this.lines.map(({ label, colour: token, scale, dash }) => ({ label, scale, dash, stroke: colour(token), width: 2, points: { show: false } }));
    this.plot?.destroy();
    this.plot = new uPlot({
      width: this.box.clientWidth || 600, height: HEIGHT, legend: { show: false }, cursor: { show: false },
      series: [{}, ...series],
      scales: { x: { time: true }, ...this.scales },
      axes: [
        { ...axis, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toLocaleTimeString(document.documentElement.lang, form)), space: 90, size: 28 },
        ...this.axes(axis),
      ],
    }, [[], ...series.map(() => [])], this.box);
    this.legend.replaceChildren(...this.lines.map(({ label, colour: token, dash }) => {
      const mark = h("span", { class: "legend-mark", "aria-hidden": "true" });
      mark.style.borderTopColor = `var(${token})`;
      mark.style.borderTopStyle = !dash ? "solid" : dash[0] > 4 ? "dashed" : "dotted";
      return h("span", { class: "legend-line" }, mark, label);
    }));
    if (this.data) this.plot.setData(this.data);
  }

  draw(data) {
    this.data = data;
    this.plot.setData(data);
  }
}

export const percents = (axis) => ({ ...axis, scale: "%", values: (_, ticks) => ticks.map((tick) => percentFormat.format(tick / 100)), size: 56 });
export const counts = (axis) => ({ ...axis, scale: "n", side: 1, grid: { show: false }, size: 40 });
export const fromNothing = (least) => ({ range: (_, __, most) => [0, Math.max(least, most * 1.15)] });
