// The disposition tree: groups first, then the dispositions of one group. Keys 1 to 9 follow the
// order on the screen; a group of one disposition chooses it at once.
import { h } from "./page.js";

export class Choices {
  constructor(box, backWord, onChange) {
    Object.assign(this, { box, backWord, onChange, dispositions: [], group: "", chosen: null });
  }

  show(dispositions, code) {
    this.dispositions = dispositions;
    this.chosen = dispositions.find((one) => one.code === code) || null;
    this.group = this.chosen && this.#of(this.chosen.group).length > 1 ? this.chosen.group : "";
    this.#draw();
  }

  press(number) {
    this.box.querySelectorAll("[data-key]")[number - 1]?.click();
  }

  back() {
    if (!this.group) return;
    this.group = "";
    this.#draw();
    this.first()?.focus();
  }

  first() {
    return this.box.querySelector("button");
  }

  #of(group) {
    return this.dispositions.filter((one) => one.group === group);
  }

  #draw() {
    const groups = [...new Set(this.dispositions.map((one) => one.group))];
    const buttons = this.group
      ? this.#of(this.group).map((one, at) => this.#button(at, one.label, one === this.chosen, () => this.#choose(one)))
      : groups.map((group, at) => {
          const members = this.#of(group);
          const only = members.length === 1 ? members[0] : null;
          const isChosen = this.chosen?.group === group;
          const word = only ? only.label : isChosen ? `${group} › ${this.chosen.label}` : `${group} ›`;
          return this.#button(at, word, isChosen, () => (only ? this.#choose(only) : this.#open(group)));
        });
    if (this.group) {
      const back = h("button", { type: "button", class: "choice back" }, `‹ ${this.backWord}`);
      back.addEventListener("click", () => this.back());
      buttons.push(back);
    }
    this.box.replaceChildren(...buttons);
  }

  #button(at, word, isChosen, onClick) {
    const key = at < 9 ? h("kbd", { "aria-hidden": "true" }, String(at + 1)) : null;
    const button = h("button", { type: "button", class: "choice", "data-key": at < 9 ? at + 1 : null, "aria-pressed": isChosen ? "true" : "false" }, key, h("span", {}, word));
    button.addEventListener("click", onClick);
    return button;
  }

  #open(group) {
    this.group = group;
    this.#draw();
    this.first()?.focus();
  }

  #choose(disposition) {
    this.chosen = disposition;
    this.#draw();
    [...this.box.querySelectorAll('[aria-pressed="true"]')][0]?.focus();
    this.onChange(disposition);
  }
}
