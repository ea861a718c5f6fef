/** The messages of a chat, by day, with Telegram's habit of staying at the bottom. */

import { dayKey, dayLabel } from "./dates.js";
import { find, h } from "./dom.js";
import { MessageView } from "./message.js";

const NEAR_BOTTOM_PX = 80;
const LEAVE_MS = 180;
const SCROLL_REST_MS = 900;

/** All bubbles of the open chat. */
export class MessageLog {
  #scroller = find(".log");
  #column = find(".log .column");
  #jump = find(".jump");
  #views = new Map();
  #context = null;
  #pinned = true;
  #unread = 0;
  #resting;

  constructor() {
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#jump.addEventListener("click", () => this.toBottom());
    const follow = new ResizeObserver(() => {
      if (this.#pinned) this.#scrollDown();
    });
    follow.observe(this.#column);
    follow.observe(this.#scroller);
  }

  /** @param {object} context of the chat that is open now */
  open(context) {
    this.#context = context;
    this.#views.clear();
    this.#column.replaceChildren();
    this.toBottom();
  }

  /** @returns {number} how many messages there are */
  get size() {
    return this.#views.size;
  }

  /** @param {Array<object>} messages what the chat holds now, e.g. after a lost connection */
  replaceAll(messages) {
    this.#scroller.setAttribute("aria-busy", "true");
    const kept = new Set(messages.map((message) => message.message_id));
    for (const [id, view] of this.#views) if (!kept.has(id)) this.#drop(id, view);
    for (const message of messages) this.#put(message, false);
    this.#scroller.removeAttribute("aria-busy");
  }

  /** @param {object} message new or edited */
  upsert(message) {
    const pinned = this.#pinned;
    this.#put(message, true);
    // At once: a scroll event of the same frame would take the growth for a person's scrolling.
    if (pinned) this.toBottom();
  }

  /** Draws the messages again whose look depends on others (a paid invoice). */
  refresh() {
    for (const view of this.#views.values()) view.update(view.message);
  }

  /** @param {number} messageId */
  remove(messageId) {
    const view = this.#views.get(messageId);
    if (!view) return;
    view.element.classList.add("leaving");
    this.#views.delete(messageId);
    setTimeout(() => this.#detach(view), LEAVE_MS);
  }

  /** Writes the labels between days again: "Today" moves with the sandbox's clock. */
  relabel() {
    for (const day of this.#column.children) {
      day.querySelector(".day-label span").textContent = dayLabel(new Date(Number(day.dataset.date)), this.#context.now());
    }
  }

  /** Goes to the latest message and stays there. */
  toBottom() {
    this.#pinned = true;
    this.#scrollDown();
    this.#notice();
  }

  #put(message, live) {
    const known = this.#views.get(message.message_id);
    if (known) return known.update(message);
    const view = new MessageView(message, this.#context);
    if (live) view.element.classList.add("arriving");
    this.#views.set(message.message_id, view);
    insertInOrder(this.#day(message).element, view.element, message.message_id);
    const own = view.element.classList.contains("out");
    if (live && own) this.toBottom();
    else if (live && !this.#pinned) this.#count(this.#unread + 1);
    return undefined;
  }

  #day(message) {
    const date = new Date(message.date * 1000);
    const key = dayKey(date);
    let element = [...this.#column.children].find((day) => day.dataset.day === key);
    if (!element) {
      element = h("section", { class: "day", data: { day: key, date: date.getTime() } },
        h("p", { class: "day-label" }, h("span", {}, dayLabel(date, this.#context.now()))));
      const later = [...this.#column.children].find((day) => day.dataset.day > key);
      this.#column.insertBefore(element, later ?? null);
    }
    return { element };
  }

  #drop(id, view) {
    this.#views.delete(id);
    this.#detach(view);
  }

  #detach(view) {
    const day = view.element.parentElement;
    view.element.remove();
    if (day && !day.querySelector(".message")) day.remove();
  }

  #notice() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#pinned = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    this.#jump.hidden = this.#pinned;
    if (this.#pinned) this.#count(0);
  }

  #scrolled() {
    this.#notice();
    this.#scroller.classList.add("scrolling");
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#scroller.classList.remove("scrolling"), SCROLL_REST_MS);
  }

  #count(unread) {
    this.#unread = unread;
    this.#jump.querySelector(".badge").textContent = unread ? String(unread) : "";
  }

  #scrollDown() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

function insertInOrder(day, element, messageId) {
  const later = [...day.querySelectorAll(":scope > .message")]
    .reverse().filter((other) => Number(other.dataset.messageId) > messageId).pop();
  day.insertBefore(element, later ?? null);
}
