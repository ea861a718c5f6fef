/** Beside the chat: who one can be, and the time machine. */

import { getClock, moveClock } from "./api.js";
import { fullTime } from "./dates.js";
import { find, h, paintAvatar } from "./dom.js";
import { toast } from "./toast.js";

const TICK_MS = 1000;
const MOVED_MS = 60000;
const ASK_AGAIN_MS = 30000;
const STEPS = { hour: { hours: 1 }, day: { days: 1 }, reminder: { to: "next_reminder" } };

/** @param {object} person @returns {string} first and last name */
export function fullName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}

/** @param {object} person @returns {string} the address after the #: `1001`, `1009@` and a group */
export function addressOf(person) {
  return person.chat ? `${person.id}@${person.chat}` : String(person.id);
}

/**
 * Lists the people as links, so that each can be opened in a tab of its own.
 * @param {Array<object>} people
 */
export function showPeople(people) {
  find(".people-list").replaceChildren(...people.map((person) => {
    const avatar = h("span", { class: "avatar", "aria-hidden": "true" });
    paintAvatar(avatar, fullName(person), person.id);
    return h("a", { class: "person", href: `#${addressOf(person)}`, data: { id: addressOf(person) } },
      avatar,
      h("span", { class: "person-text" },
        h("span", { class: "person-name" }, h("strong", {}, fullName(person)),
          h("small", {}, person.language_code ?? "")),
        h("span", { class: "note" }, person.note ?? "")));
  }));
}

/** @param {object} person whom one is now */
export function markPerson(person) {
  for (const link of document.querySelectorAll(".person")) {
    if (link.dataset.id === addressOf(person)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

/** Shows the sandbox's time and moves it; stays hidden where the sandbox cannot move it. */
export class TimeMachine {
  #box = find(".time-machine");
  #time;
  #onMove;

  /**
   * @param {import("./dates.js").SandboxTime} time
   * @param {function(): void} onMove called after the time has changed
   */
  constructor(time, onMove) {
    this.#time = time;
    this.#onMove = onMove;
    for (const button of this.#box.querySelectorAll("button[data-advance]")) {
      button.addEventListener("click", () => this.#advance(button));
    }
    setInterval(() => this.#tick(), TICK_MS);
    setInterval(() => this.refresh(), ASK_AGAIN_MS);
    const toggle = find(".time-toggle");
    toggle.addEventListener("click", () => {
      const open = document.body.classList.toggle("time-open");
      toggle.setAttribute("aria-expanded", String(open));
    });
  }

  /** Asks the server for its time and the next reminder. */
  async refresh() {
    try {
      this.#show(await getClock());
    } catch (error) {
      if (error.status === 404) this.#setAvailable(false);
    }
  }

  async #advance(button) {
    const before = this.#time.now();
    this.#setBusy(button);
    try {
      this.#show(await moveClock(STEPS[button.dataset.advance]));
      if (this.#time.now() - before < MOVED_MS) toast("No reminder ahead");
    } catch (error) {
      toast(error.message);
    }
    this.#setBusy(null);
  }

  #show({ now, next_reminder_at: next }) {
    this.#setAvailable(true);
    this.#time.set(now);
    this.#tick();
    const line = this.#box.querySelector(".next-reminder");
    line.textContent = next ? `Next reminder: ${fullTime(new Date(next))}` : "No reminder ahead";
    this.#onMove();
  }

  #tick() {
    const now = this.#time.now();
    const element = this.#box.querySelector("time");
    element.dateTime = now.toISOString();
    const text = fullTime(now);
    if (element.textContent !== text) element.textContent = text;
  }

  #setAvailable(available) {
    this.#box.hidden = !available;
    find(".time-toggle").hidden = !available;
  }

  #setBusy(active) {
    for (const button of this.#box.querySelectorAll("button[data-advance]")) {
      button.disabled = active !== null;
      button.classList.toggle("busy", button === active);
    }
  }
}
